-- Who is told of what: as the tables of src/workflow/ and the life of a row say.

ALTER TABLE workflow_step ADD tells text[] NOT NULL DEFAULT '{}'; -- relations, offices
ALTER TABLE life ADD tells text[] NOT NULL DEFAULT '{}'; -- columns that name persons

-- Offices as src/org/ declares them, written with the tables of applications.
--   reach  as in sql/functions/30-scope.sql
CREATE TABLE office_info (
	code text COLLATE "C" PRIMARY KEY,
	ja text NOT NULL,
	everywhere boolean NOT NULL,
	reach text NOT NULL CHECK (reach ~ '^[noui]{4}[4-]$')
);

-- A notice is about an application, or about a row that is none.
--   ledger   asset, external_media, role_assignment; NULL: the application in `request`
--   label    what kind of thing it is, where no kind of application says so
DELETE FROM notice n USING notice o WHERE n.event_id = o.event_id AND n.person = o.person
	AND n.notice_no > o.notice_no;
ALTER TABLE notice ADD ledger text CHECK (ledger IN ('asset', 'external_media',
		'role_assignment')),
	ADD object text,
	ADD object_state text,
	ADD CHECK (num_nonnulls(request, object) <= 1),
	ADD CHECK ((ledger IS NULL) = (object IS NULL)),
	DROP CONSTRAINT notice_purpose_check,
	ADD CONSTRAINT notice_purpose_check CHECK (purpose IN ('act', 'subject', 'returned',
		'decided', 'told', 'drafted', 'digest')),
	DROP CONSTRAINT notice_event_id_person_purpose_key,
	ADD UNIQUE (event_id, person); -- of one event nobody is told twice
ALTER TABLE notice_told DROP CONSTRAINT notice_told_stage_check,
	ADD CONSTRAINT notice_told_stage_check CHECK (stage IN ('30', '7', 'over', 'confirm',
		'inventory', 'inventory_over', 'catalogue', 'due30', 'due7', 'due_over', 'recheck',
		'office30', 'office7', 'office_over', 'movement', 'movement_asset', 'rating'));

-- What waits for a person beside the open applications.
CREATE INDEX request_drafted ON request (applicant) WHERE automatic AND state = 'draft';
CREATE INDEX request_audited ON request (institution) WHERE request_type = 'csirt_audit'
	AND state IN ('reviewing', 'completed');
CREATE INDEX request_due ON request (due_on) WHERE due_on IS NOT NULL AND state IN ('draft',
	'returned', 'submitted', 'reviewing', 'blocked', 'awaiting_confirmation');
CREATE INDEX media_movement_due ON media_movement (due_at) WHERE returned_at IS NULL;
CREATE INDEX role_assignment_ends ON role_assignment (term_to) WHERE revoked_on IS NULL
	AND term_to IS NOT NULL;
