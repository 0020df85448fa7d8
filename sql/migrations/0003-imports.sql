-- Imports: the record of each, its faults, and the tables that rows wait in while they are judged.
CREATE SEQUENCE import_no;
CREATE TABLE import (
	import_no text COLLATE "C" PRIMARY KEY,
	institution text NOT NULL, -- of the person who ran it
	person text NOT NULL,
	ledger text NOT NULL,
	mode text NOT NULL,
	match_key text NOT NULL,
	on_error text NOT NULL,
	state text NOT NULL CHECK (state IN ('running', 'done', 'refused', 'failed')),
	started_at timestamptz NOT NULL DEFAULT now(),
	finished_at timestamptz,
	lines bigint NOT NULL DEFAULT 0,
	report jsonb
);

-- Waiting rooms: not logged (a crash loses an unfinished import, which never counted anyway).
--   bad    a cell could not be read
--   found  the row that the key matches
--   act    NULL: as it is; 'draft': stays 下書き; 'skip': left out
CREATE UNLOGGED TABLE institution_staging (LIKE institution);
CREATE UNLOGGED TABLE org_unit_staging (LIKE org_unit);
CREATE UNLOGGED TABLE person_staging (LIKE person);
CREATE UNLOGGED TABLE area_staging (LIKE area);
CREATE UNLOGGED TABLE role_assignment_staging (LIKE role_assignment);
CREATE UNLOGGED TABLE asset_staging (LIKE asset);
CREATE UNLOGGED TABLE asset_user_staging (LIKE asset_user);
CREATE UNLOGGED TABLE external_media_staging (LIKE external_media);
DO $$
DECLARE
	t text;
	c text;
BEGIN
	FOREACH t IN ARRAY ARRAY['institution', 'org_unit', 'person', 'area', 'role_assignment',
		'asset', 'asset_user', 'external_media'] LOOP
		FOR c IN SELECT attname FROM pg_attribute
			WHERE attrelid = (t || '_staging')::regclass AND attnum > 0 AND attnotnull LOOP
			EXECUTE format('ALTER TABLE %I ALTER %I DROP NOT NULL', t || '_staging', c);
		END LOOP;
		IF t NOT IN ('asset_user', 'role_assignment') THEN
			EXECUTE format('ALTER TABLE %I DROP COLUMN search', t || '_staging');
		END IF;
		EXECUTE format('ALTER TABLE %I ADD import_no text NOT NULL, ADD line bigint NOT NULL, '
			'ADD bad boolean NOT NULL, ADD found text COLLATE "C", ADD act text',
			t || '_staging');
		EXECUTE format('CREATE INDEX ON %I (import_no)', t || '_staging');
	END LOOP;
END $$;
