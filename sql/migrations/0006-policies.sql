-- Who sees what: look-ups of the policies (sql/functions/30-scope.sql, sql/final/20-policies.sql).
CREATE INDEX asset_user_person ON asset_user (person) WHERE person IS NOT NULL;
CREATE INDEX asset_operator ON asset (operator) WHERE operator IS NOT NULL;
CREATE INDEX external_media_custodian ON external_media (custodian);
CREATE INDEX org_unit_parent ON org_unit (parent);

-- What protects the rows, as it was when the schema was last brought up to date.
CREATE TABLE schema_digest (digest text NOT NULL);
