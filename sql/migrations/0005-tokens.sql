-- Tokens: scopes of the form ledger:action@institution, addresses, last use, rotation; and the
-- attributes by which a trusted proxy names persons.

ALTER TABLE token DROP CONSTRAINT token_scopes_check;
-- What was `read` is `*:read` now: the same, said whole.
UPDATE token SET scopes = ARRAY(SELECT '*:' || s FROM unnest(scopes) s);
UPDATE token SET expires_at = issued_at + interval '8784 hours'
	WHERE expires_at > issued_at + interval '8784 hours';

ALTER TABLE token
	ADD addresses text[], -- NULL: from everywhere
	ADD last_used_at timestamptz,
	ADD last_used_from text,
	ADD rotated_from text UNIQUE REFERENCES token (id),
	ADD row_version integer NOT NULL DEFAULT 1,
	ADD CONSTRAINT token_scopes_form CHECK (cardinality(scopes) BETWEEN 1 AND 32
		AND array_position(scopes, NULL) IS NULL
		AND search_join(scopes) ~ '^(\*|[a-z][a-z0-9-]{0,63}):(\*|read|write|import)(@[a-z][a-z0-9-]{0,63})?(\|(\*|[a-z][a-z0-9-]{0,63}):(\*|read|write|import)(@[a-z][a-z0-9-]{0,63})?)*$'),
	ADD CONSTRAINT token_addresses_form CHECK (cardinality(addresses) BETWEEN 1 AND 64
		AND array_position(addresses, NULL) IS NULL
		AND search_join(addresses) ~ '^(unix|[0-9a-f:.]{2,45}(/[0-9]{1,3})?)(\|(unix|[0-9a-f:.]{2,45}(/[0-9]{1,3})?))*$'),
	-- 366 days, and no day longer where clocks are put forward
	ADD CONSTRAINT token_life CHECK (expires_at <= issued_at + interval '8784 hours');
CREATE INDEX token_person ON token (person);

CREATE TABLE person_identity (
	person text COLLATE "C" NOT NULL REFERENCES person (login),
	kind text NOT NULL CHECK (kind IN ('eppn')),
	value text COLLATE "C" NOT NULL
		CHECK (value ~ '^[!#-''*+./0-9=?A-Z^_`a-z{|}~-]{1,128}@[0-9A-Za-z]([0-9A-Za-z.-]{0,126}[0-9A-Za-z])?$'),
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (person, kind),
	UNIQUE (kind, value)
);
