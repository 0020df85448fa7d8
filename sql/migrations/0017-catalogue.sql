-- システム構成カタログ (2.1(2)⑧(e)): structured, by version; its software as package URLs.

--   based_on      the version that it was copied from
--   hardware …    lists of objects; which members each has is declared in src/workflow/catalogue.c
ALTER TABLE system_catalogue
	ADD based_on text COLLATE "C" REFERENCES system_catalogue (catalogue_no),
	ADD hardware jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(hardware) = 'array'),
	ADD services jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(services) = 'array'),
	ADD network jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(network) = 'array'),
	ADD accounts jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(accounts) = 'array'),
	ADD data_held jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(data_held) = 'array'),
	ADD maintenance_vendor jsonb NOT NULL DEFAULT '[]'
		CHECK (jsonb_typeof(maintenance_vendor) = 'array'),
	ADD note text CHECK (char_length(note) <= 4000),
	ADD row_version integer NOT NULL DEFAULT 1,
	ADD created_by text DEFAULT acting_person(),
	ADD created_at timestamptz NOT NULL DEFAULT now(),
	ADD updated_by text DEFAULT acting_person(),
	ADD updated_at timestamptz NOT NULL DEFAULT now(),
	ADD UNIQUE (institution, catalogue_no);
-- one draft at a time, one version in force
CREATE UNIQUE INDEX system_catalogue_draft ON system_catalogue (asset) WHERE status = 'draft';
CREATE UNIQUE INDEX system_catalogue_in_force ON system_catalogue (asset)
	WHERE status = 'submitted';
CREATE INDEX system_catalogue_institution ON system_catalogue (institution, catalogue_no);

--   type, arch    of the package URL: deb, rpm, npm, pypi, generic …
--   software_name with its namespace where the type has one: @scope/name, group/artifact
--   version       as the packager writes it, with the epoch: 1:2.36-9+deb12u4
--   source_*      the source package that it is built from
--   origin        how it came in
ALTER TABLE catalogue_software
	DROP CONSTRAINT catalogue_software_pkey,
	ADD item_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	ADD institution text,
	ADD position integer NOT NULL DEFAULT 0,
	ADD type text NOT NULL DEFAULT 'generic' CHECK (type ~ '^[a-z][a-z0-9.-]{0,39}$'),
	ADD purl text COLLATE "C" CHECK (char_length(purl) BETWEEN 5 AND 2000),
	ADD arch text CHECK (char_length(arch) BETWEEN 1 AND 40),
	ADD source_name text,
	ADD source_version text,
	ADD vendor text,
	ADD purpose text,
	ADD support_until date,
	ADD origin text NOT NULL DEFAULT 'form' CHECK (origin IN ('form', 'csv', 'dpkg', 'rpm',
		'cyclonedx', 'spdx', 'permit')),
	ADD row_version integer NOT NULL DEFAULT 1;
UPDATE catalogue_software s SET institution = c.institution FROM system_catalogue c
	WHERE c.catalogue_no = s.catalogue;
-- the same product of the same version for two architectures, or from two packagers, is two lines
ALTER TABLE catalogue_software
	ALTER institution SET NOT NULL,
	ALTER catalogue TYPE text COLLATE "C", -- as the key that it names, so that joins find an index
	DROP CONSTRAINT catalogue_software_catalogue_fkey,
	ADD CONSTRAINT catalogue_software_catalogue_ref FOREIGN KEY (institution, catalogue)
		REFERENCES system_catalogue (institution, catalogue_no),
	ADD CONSTRAINT catalogue_software_once UNIQUE NULLS NOT DISTINCT (catalogue, software_name,
		version, type, arch, purl);
CREATE INDEX catalogue_software_name ON catalogue_software (software_name);
CREATE INDEX catalogue_software_folded ON catalogue_software (lower(software_name));
CREATE INDEX catalogue_software_source ON catalogue_software (source_name)
	WHERE source_name IS NOT NULL;
CREATE INDEX catalogue_software_list ON catalogue_software (catalogue, position);

-- Waiting room, as in 0003.
CREATE UNLOGGED TABLE system_catalogue_staging (LIKE system_catalogue);
DO $$
DECLARE
	c text;
BEGIN
	FOR c IN SELECT attname FROM pg_attribute
		WHERE attrelid = 'system_catalogue_staging'::regclass AND attnum > 0 AND attnotnull LOOP
		EXECUTE format('ALTER TABLE system_catalogue_staging ALTER %I DROP NOT NULL', c);
	END LOOP;
	ALTER TABLE system_catalogue_staging ADD import_no text NOT NULL,
		ADD line bigint NOT NULL, ADD bad boolean NOT NULL, ADD found text COLLATE "C",
		ADD act text;
	CREATE INDEX ON system_catalogue_staging (import_no);
END $$;
