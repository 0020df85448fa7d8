-- 検出事項 (2.2(1), 3.4.1(2)③): a rule that a row violates, from the day on which it was seen until it is
-- seen no more.  Derived, so nobody but the functions of the owner writes here; what is an act of
-- an office, the 整備指示, stands in the log besides.
CREATE SEQUENCE finding_no;
-- lpad() cuts what is longer
CREATE FUNCTION finding_no_next() RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT 'F' || lpad(n, greatest(8, length(n)), '0') FROM (SELECT nextval('finding_no')::text) v (n) $$;
CREATE TABLE finding (
	finding_no text COLLATE "C" PRIMARY KEY DEFAULT finding_no_next(),
	institution text COLLATE "C", -- NULL: of the whole 機構
	unit text COLLATE "C",
	rule text COLLATE "C" NOT NULL,
	ledger text COLLATE "C" NOT NULL, -- table
	object text COLLATE "C" NOT NULL, -- natural key
	asset text COLLATE "C",
	medium text COLLATE "C",
	severity text NOT NULL CHECK (severity IN ('error', 'warning', 'info')),
	opened_at timestamptz NOT NULL,
	closed_at timestamptz,
	due_on date NOT NULL,
	exception text COLLATE "C", -- 例外措置 that covers it now
	instruction text,
	instruction_due_on date,
	instructed_by text REFERENCES person (login),
	instructed_office text,
	instructed_on date,
	row_version integer NOT NULL DEFAULT 1,
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT finding_instruction_whole CHECK (num_nulls(instruction, instruction_due_on,
		instructed_by, instructed_office, instructed_on) IN (0, 5))
);
CREATE UNIQUE INDEX finding_open ON finding (ledger, object, rule) WHERE closed_at IS NULL;
-- the pass compares by rule and reads nothing but this index
CREATE INDEX finding_by_rule ON finding (rule, object) WHERE closed_at IS NULL;
CREATE INDEX finding_by_institution ON finding (institution, finding_no) WHERE closed_at IS NULL;
CREATE INDEX finding_by_asset ON finding (asset) WHERE asset IS NOT NULL;
CREATE INDEX finding_by_medium ON finding (medium) WHERE medium IS NOT NULL;
CREATE INDEX finding_by_exception ON finding (exception) WHERE exception IS NOT NULL;

-- Rows that many changes at once (an import) have left to be judged.
CREATE TABLE finding_queue (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	ledger text NOT NULL,
	keys text[] NOT NULL
);

-- When the whole was judged last: one row, or none since the rules were replaced.
CREATE TABLE finding_pass (
	ended_at timestamptz NOT NULL,
	took interval NOT NULL,
	opened bigint NOT NULL,
	closed bigint NOT NULL
);

-- 改善期限, where the rule has none of its own
ALTER TABLE policy DROP CONSTRAINT policy_name_check, ADD CONSTRAINT policy_name_check
	CHECK (name IN ('inventory', 'media_check', 'software_review', 'config_check', 'vuln_check',
		'access_review', 'webapp_vuln', 'zone_check', 'mfp_check', 'net_review', 'nas_backup',
		'restore_test', 'firmware', 'ismap_check', 'contract_check', 'contact_check',
		'cert_warn', 'permit_warn', 'sanitise', 'exception_max', 'ciso_report',
		'convert_deadline', 'takeout_max', 'cert_keep', 'finding_due'));
