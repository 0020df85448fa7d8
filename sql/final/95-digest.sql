-- Last of all.
DELETE FROM schema_digest;
INSERT INTO schema_digest SELECT schema_digest_now();
