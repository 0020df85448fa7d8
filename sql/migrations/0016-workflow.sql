-- Applications (申請): their kinds as data, the steps of each, and the documents that go with one.

-- Written at each migration from the tables in src/workflow/; what is enforced stands here.
--   who       applicant, approver, subject, receiver, system, confirmer; offices stand in `offices`
--   not_same  applicant, subject, decider, assigned: who the actor must not be
CREATE TABLE workflow_kind (
	code text COLLATE "C" PRIMARY KEY,
	ja text NOT NULL,
	en text NOT NULL,
	clause text NOT NULL,
	subject text NOT NULL
		CHECK (subject IN ('none', 'asset', 'medium', 'object', 'any', 'person')),
	applicants text[] NOT NULL, -- offices; '{*}': anybody of the 機関
	approver text, -- office; NULL: nobody approves
	escape boolean NOT NULL, -- is the やむを得ない path offered?
	power text, -- by which a deputy may act in place of the 情報セキュリティ責任者
	validity text, -- policy value: longest term in days
	term text NOT NULL CHECK (term IN ('none', 'may', 'must'))
);
CREATE TABLE workflow_step (
	kind text COLLATE "C" NOT NULL REFERENCES workflow_kind (code),
	from_state text NOT NULL,
	action text COLLATE "C" NOT NULL,
	to_state text NOT NULL,
	who text[] NOT NULL,
	offices text[] NOT NULL,
	not_same text[] NOT NULL,
	decides boolean NOT NULL,
	documents text[] NOT NULL,
	needs text[] NOT NULL,
	takes text[] NOT NULL,
	guard text,
	effect text,
	clause text NOT NULL,
	ja text NOT NULL,
	en text NOT NULL,
	position integer NOT NULL,
	PRIMARY KEY (kind, from_state, action)
);
CREATE TABLE workflow_member (
	kind text COLLATE "C" NOT NULL REFERENCES workflow_kind (code),
	name text NOT NULL,
	type text NOT NULL CHECK (type IN ('text', 'texts', 'date', 'integer', 'boolean', 'level',
		'choice', 'person', 'asset', 'assets', 'network', 'unit', 'area', 'institution', 'rule')),
	required boolean NOT NULL,
	choices text[],
	ja text NOT NULL,
	en text NOT NULL,
	position integer NOT NULL,
	PRIMARY KEY (kind, name)
);

-- Columns that people write: changing one changes what was applied for.
CREATE TABLE workflow_watched (ledger text PRIMARY KEY, columns text[] NOT NULL);

--   unit             an exception for a whole unit
--   payload          申請内容: the members of the kind (workflow_member)
--   assigned_to      who is to check, or to receive
--   escalated        回付: approver_office is not that of the kind any more
--   blocked_from     where the application goes on when it is blocked no more
--   pending_action   the decision that waits for its confirmation (やむを得ない場合)
--   subject_*        what was there when it was submitted: version and digest of row and documents
ALTER TABLE request
	ADD unit text,
	ADD on_behalf_of text REFERENCES person (login),
	ADD payload jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(payload) = 'object'),
	ADD assigned_to text REFERENCES person (login),
	ADD escalated boolean,
	ADD blocked_from text,
	ADD pending_action text,
	ADD same_person_case text CONSTRAINT request_same_person_case_check
		CHECK (same_person_case IN ('absent', 'urgent', 'no_other')),
	ADD subject_version integer,
	ADD subject_sha256 text CHECK (subject_sha256 ~ '^[0-9a-f]{64}$'),
	DROP CONSTRAINT request_state_check,
	ADD CONSTRAINT request_state_check CHECK (state IN ('draft', 'submitted', 'returned',
		'reviewing', 'blocked', 'awaiting_confirmation', 'approved', 'rejected', 'withdrawn',
		'expired', 'revoked', 'completed')),
	ADD CONSTRAINT request_unit_ref FOREIGN KEY (institution, unit)
		REFERENCES org_unit (institution, code),
	ADD CONSTRAINT request_term_order CHECK (valid_to >= valid_from),
	-- 2.1(2)⑫(a), whoever writes, by whatever way
	ADD CONSTRAINT "REQ-01" CHECK (state IN ('draft', 'submitted', 'returned', 'reviewing',
		'blocked', 'awaiting_confirmation', 'withdrawn') OR decided_by IS NULL
		OR (decided_by <> applicant AND decided_by IS DISTINCT FROM on_behalf_of
			AND decided_by IS DISTINCT FROM subject_person)
		OR (coalesce(same_person_exception, false)
			AND char_length(btrim(coalesce(same_person_reason, ''))) >= 20)),
	ADD CONSTRAINT "REQ-02" CHECK (state IN ('draft', 'submitted', 'returned', 'reviewing',
		'blocked', 'awaiting_confirmation', 'withdrawn')
		OR NOT coalesce(same_person_exception, false)
		OR coalesce(same_person_confirmed_by NOT IN (applicant, decided_by), false)
			AND same_person_confirmed_by IS DISTINCT FROM subject_person
			AND same_person_confirmed_by IS DISTINCT FROM on_behalf_of);
ALTER TABLE request_staging
	ADD unit text,
	ADD on_behalf_of text,
	ADD payload jsonb,
	ADD assigned_to text,
	ADD escalated boolean,
	ADD blocked_from text,
	ADD pending_action text,
	ADD same_person_case text,
	ADD subject_version integer,
	ADD subject_sha256 text;
CREATE INDEX request_pending ON request (institution, state) WHERE state IN ('submitted',
	'reviewing', 'returned', 'blocked', 'awaiting_confirmation', 'approved');
CREATE INDEX request_subject ON request (subject_person) WHERE subject_person IS NOT NULL;

-- 申請の審査記録: one row per act, never changed.
CREATE TABLE request_step (
	step_no text COLLATE "C" PRIMARY KEY, -- R00000001-1
	institution text NOT NULL,
	request text NOT NULL,
	position integer NOT NULL,
	action text NOT NULL,
	from_state text NOT NULL,
	to_state text NOT NULL,
	acted_by text REFERENCES person (login), -- NULL: the system
	acted_office text,
	result text CHECK (result IN ('pass', 'conditional', 'fail')),
	comment text,
	given jsonb NOT NULL DEFAULT '{}', -- the other members of the act
	subject_sha256 text,
	acted_at timestamptz NOT NULL,
	row_version integer NOT NULL DEFAULT 1,
	FOREIGN KEY (institution, request) REFERENCES request (institution, request_no),
	UNIQUE (request, position)
);
CREATE INDEX request_step_actor ON request_step (acted_by);

-- 添付文書: what the digest of an application covers.
CREATE SEQUENCE attachment_no;
CREATE TABLE attachment (
	attachment_no text COLLATE "C" PRIMARY KEY
		DEFAULT 'Z' || lpad(nextval('attachment_no')::text, 8, '0'),
	institution text NOT NULL,
	request text NOT NULL,
	kind text NOT NULL CONSTRAINT attachment_kind_check CHECK (kind IN ('necessity', 'catalogue',
		'emergency_contacts', 'handover', 'risk_assessment', 'erasure_log',
		'destruction_certificate', 'nda', 'specification', 'diagram', 'qualification', 'other')),
	file_name text NOT NULL CHECK (char_length(file_name) BETWEEN 1 AND 255
		AND file_name !~ '[/\\[:cntrl:]]'),
	sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
	size_bytes bigint NOT NULL CHECK (size_bytes BETWEEN 1 AND 1099511627776),
	confidentiality smallint NOT NULL CHECK (confidentiality BETWEEN 1 AND 4),
	keep_until date,
	note text CHECK (char_length(note) <= 1000),
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	FOREIGN KEY (institution, request) REFERENCES request (institution, request_no)
);
CREATE INDEX attachment_request ON attachment (request);

ALTER TABLE policy DROP CONSTRAINT policy_name_check, ADD CONSTRAINT policy_name_check
	CHECK (name IN ('inventory', 'media_check', 'software_review', 'config_check', 'vuln_check',
		'access_review', 'webapp_vuln', 'zone_check', 'mfp_check', 'net_review', 'nas_backup',
		'restore_test', 'firmware', 'ismap_check', 'contract_check', 'contact_check', 'cert_warn',
		'permit_warn', 'sanitise', 'exception_max', 'ciso_report', 'convert_deadline',
		'takeout_max', 'install_max', 'cert_keep', 'finding_due'));

-- What an application does may lead where an act of an office leads, too.
ALTER TABLE life DROP CONSTRAINT life_pkey, ADD PRIMARY KEY (ledger, action,
	from_state, to_state, given);
