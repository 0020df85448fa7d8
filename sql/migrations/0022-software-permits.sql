-- Which software an important server takes on with a permission alone (2.1(2)⑧(f)).

--   software_permits  'major': new products and other major versions; 'every': each version
ALTER TABLE institution ADD software_permits text NOT NULL DEFAULT 'major'
	CHECK (software_permits IN ('major', 'every'));
ALTER TABLE institution_staging ADD software_permits text;
