-- What an application is about is of the kind that it is for; cloud services are named as such.

--   types  what the asset must be: types or functions of it; '{}': any
ALTER TABLE workflow_kind ADD types text[] NOT NULL DEFAULT '{}';
ALTER TABLE workflow_member DROP CONSTRAINT workflow_member_type_check,
	ADD CONSTRAINT workflow_member_type_check CHECK (type IN ('text', 'texts', 'date', 'integer',
		'boolean', 'level', 'choice', 'person', 'asset', 'assets', 'network', 'cloud', 'unit',
		'area', 'institution', 'rule'));
