-- Offices: the range of an appointment as data, where it came from, and the yearly review.

-- 事務局等: the 機関 whose officers hold the corporate offices, 2.1(2)①[2], ⑥(h)
ALTER TABLE institution ADD head_office boolean NOT NULL DEFAULT false;
ALTER TABLE institution_staging ADD head_office boolean;

--   range_*      所掌範囲, machine-readable: these units with all below them, and these assets
--   appointed_on the day on which the appointment was recorded
--   bootstrap    made where the machine stands, before anybody could appoint
ALTER TABLE role_assignment
	ADD range_units text[],
	ADD range_assets text[],
	ADD appointed_on date,
	ADD bootstrap boolean NOT NULL DEFAULT false,
	ADD CONSTRAINT role_assignment_term_to_order CHECK (term_to >= term_from),
	ADD CONSTRAINT role_assignment_revoke_reason_given
		CHECK ((revoked_on IS NULL) = (coalesce(btrim(revoke_reason), '') = '')),
	ADD CONSTRAINT role_assignment_delegable_powers_check CHECK (delegable_powers <@ ARRAY[
		'instruct', 'advise', 'maintain_procedures', 'emergency_contacts', 'inspect_admins',
		'keep_ledgers', 'area_designation', 'order_on_findings', 'self_inspection',
		'education', 'access_review']);
UPDATE role_assignment SET appointed_on = created_at::date;
ALTER TABLE role_assignment ALTER appointed_on SET NOT NULL;
ALTER TABLE role_assignment_staging ADD range_units text[], ADD range_assets text[],
	ADD appointed_on date, ADD bootstrap boolean;
CREATE INDEX role_assignment_office ON role_assignment (institution, office);

-- 7.1.3(2)③: who confirmed which list of rights, and when.  The list itself is kept word for word.
CREATE SEQUENCE access_review_no;
CREATE TABLE access_review (
	review_no text COLLATE "C" PRIMARY KEY
		DEFAULT 'V' || lpad(nextval('access_review_no')::text, 6, '0'),
	institution text NOT NULL REFERENCES institution (code),
	person text NOT NULL REFERENCES person (login),
	office text NOT NULL,
	reviewed_at timestamptz NOT NULL,
	comment text,
	rows integer NOT NULL,
	list_sha256 text NOT NULL CHECK (list_sha256 ~ '^[0-9a-f]{64}$'),
	list text NOT NULL, -- NDJSON, as it was shown
	row_version integer NOT NULL DEFAULT 1
);
CREATE INDEX access_review_newest ON access_review (institution, reviewed_at DESC);
