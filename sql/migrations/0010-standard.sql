-- The standard as data: clauses, own numbering, policy values, rating scales, the table of what may
-- be sent how.  Filled by sql/rules/, like the rules.

CREATE TABLE edition (
	code text PRIMARY KEY,
	title_ja text NOT NULL,
	title_en text NOT NULL,
	in_force_from date NOT NULL
);

CREATE TABLE clause (
	edition text NOT NULL REFERENCES edition (code),
	clause text COLLATE "C" NOT NULL,
	chapter text NOT NULL, -- '1' … '7', '別表', '別紙'
	parent text COLLATE "C",
	position integer NOT NULL, -- in printed order
	title_ja text NOT NULL CHECK (char_length(title_ja) <= 25),
	title_en text NOT NULL CHECK (char_length(title_en) <= 60),
	PRIMARY KEY (clause)
);

-- What an organisation calls them itself; nothing here: as printed.
CREATE TABLE clause_local (
	clause text COLLATE "C" PRIMARY KEY,
	own_number text CHECK (char_length(own_number) <= 64),
	own_title_ja text CHECK (char_length(own_title_ja) <= 200),
	own_title_en text CHECK (char_length(own_title_en) <= 200),
	row_version integer NOT NULL DEFAULT 1,
	CONSTRAINT clause_local_says_something
		CHECK (num_nonnulls(own_number, own_title_ja, own_title_en) > 0)
);
CREATE TABLE rule_local (
	code text COLLATE "C" PRIMARY KEY,
	ja text CHECK (char_length(ja) <= 1000),
	en text CHECK (char_length(en) <= 1000),
	row_version integer NOT NULL DEFAULT 1,
	CONSTRAINT rule_local_says_something CHECK (num_nonnulls(ja, en) > 0)
);

-- Numbers that the standard does not print, in days; without 機関: for the whole 機構.
CREATE TABLE policy (
	policy_no text COLLATE "C" PRIMARY KEY
		GENERATED ALWAYS AS (coalesce(institution || ':', '') || name) STORED,
	institution text,
	name text NOT NULL CHECK (name IN ('inventory', 'media_check', 'software_review',
		'config_check', 'vuln_check', 'access_review', 'webapp_vuln', 'zone_check', 'mfp_check',
		'net_review', 'nas_backup', 'restore_test', 'firmware', 'ismap_check', 'contract_check',
		'contact_check', 'cert_warn', 'permit_warn', 'sanitise', 'exception_max',
		'ciso_report', 'convert_deadline', 'takeout_max', 'cert_keep')),
	days integer NOT NULL CONSTRAINT policy_days_range CHECK (days BETWEEN 1 AND 36500),
	basis_note text,
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT policy_institution_ref FOREIGN KEY (institution) REFERENCES institution (code)
);

-- Scales of the three axes (2.2(2)②).
CREATE TABLE rating_level (
	level_no text COLLATE "C" PRIMARY KEY
		GENERATED ALWAYS AS (coalesce(institution || ':', '') || axis || '-' || level) STORED,
	institution text,
	axis text NOT NULL CHECK (axis IN ('confidentiality', 'integrity', 'availability')),
	level integer NOT NULL CONSTRAINT rating_level_level_scale CHECK (level BETWEEN 1 AND
		CASE axis WHEN 'confidentiality' THEN 4 ELSE 3 END),
	label_ja text NOT NULL,
	criteria_ja text,
	restrictions text[]
		CHECK (restrictions <@ ARRAY['no_copy', 'minimal_copy', 'designated_place',
		'isolated_only', 'org_terminal_only', 'locked_storage', 'limited_storage',
		'encrypt_transfer', 'irrecoverable_disposal', 'trusted_network']),
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT rating_level_institution_ref
		FOREIGN KEY (institution) REFERENCES institution (code),
	-- the standard restricts handling by confidentiality alone
	CONSTRAINT rating_level_restrictions_axis
		CHECK (axis = 'confidentiality' OR restrictions IS NULL)
);

CREATE UNLOGGED TABLE policy_staging (LIKE policy);
CREATE UNLOGGED TABLE rating_level_staging (LIKE rating_level);
DO $$
DECLARE
	t text;
	c text;
BEGIN
	FOREACH t IN ARRAY ARRAY['policy_staging', 'rating_level_staging'] LOOP
		FOR c IN SELECT attname FROM pg_attribute
			WHERE attrelid = t::regclass AND attnum > 0 AND attnotnull LOOP
			EXECUTE format('ALTER TABLE %I ALTER %I DROP NOT NULL', t, c);
		END LOOP;
		EXECUTE format('ALTER TABLE %I ADD import_no text NOT NULL, ADD line bigint NOT NULL, '
			'ADD bad boolean NOT NULL, ADD found text COLLATE "C", ADD act text', t);
		EXECUTE format('CREATE INDEX ON %I (import_no)', t);
	END LOOP;
END $$;

-- 別表, and what the text of 3.1(2)④(b) adds: the first line that fits says what holds.  NULL: any.
CREATE TABLE transfer_rule (
	step integer NOT NULL, -- order of evaluation
	position integer NOT NULL GENERATED ALWAYS AS IDENTITY,
	levels integer[] NOT NULL,
	means text[] NOT NULL CHECK (means <@ ARRAY['mail', 'cloud_share', 'file_transfer', 'media']),
	service text[] CHECK (service <@ ARRAY['none', 'core', 'trusted', 'other']),
	destinations text[]
		CHECK (destinations <@ ARRAY['internal', 'other_institution', 'outside']),
	approved boolean,
	verdict text NOT NULL CHECK (verdict IN ('ALLOW', 'ENC', 'PERMIT_ENC', 'DENY', 'DENY_P')),
	clause text NOT NULL,
	ja text NOT NULL,
	en text NOT NULL,
	workflow text, -- application that leads to the permission
	permission text, -- office that permits
	encryption boolean NOT NULL,
	PRIMARY KEY (step, position)
);

-- What is told beside the verdict.
CREATE TABLE transfer_reminder (
	position integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
	levels integer[] NOT NULL,
	means text[] NOT NULL,
	service text[],
	destinations text[],
	clause text NOT NULL,
	ja text NOT NULL,
	en text NOT NULL,
	workflow text
);
