-- Has somebody applied for it?  Asked of every row that names who decided (sql/functions/59-deciders.sql).
CREATE INDEX request_applicant ON request (applicant, request_type);
CREATE INDEX request_behalf ON request (on_behalf_of, request_type) WHERE on_behalf_of IS NOT NULL;
