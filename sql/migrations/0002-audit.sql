-- Every change carries its proof: one row per changed row, written by triggers in the same
-- transaction, with the full after-image (so it is also the history and the as-of view).
-- Nobody but the owner can insert, nobody at all can change.
CREATE TABLE audit_event (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- gaps are normal
	xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
	at timestamptz NOT NULL DEFAULT now(),
	institution text,
	person text,
	office text,
	account text,
	client text,
	request_id text,
	operation text,
	action text NOT NULL CHECK (action IN ('insert', 'update', 'delete')),
	object_type text NOT NULL,
	object text NOT NULL,
	version integer NOT NULL,
	reason text,
	after jsonb -- without empty columns; NULL when deleted
);
CREATE INDEX audit_event_object ON audit_event (object_type, object, id);
CREATE INDEX audit_event_seal ON audit_event (xid, id);

-- Tokens: only a digest is kept.
CREATE TABLE token (
	id text PRIMARY KEY,
	person text NOT NULL REFERENCES person (login),
	secret_sha256 bytea NOT NULL CHECK (octet_length(secret_sha256) = 32),
	scopes text[] NOT NULL CHECK (scopes <@ ARRAY['read', 'write', 'import']),
	note text,
	issued_at timestamptz NOT NULL DEFAULT now(),
	expires_at timestamptz NOT NULL,
	revoked_at timestamptz
);

-- Answers kept for a repeated Idempotency-Key, written with the change itself.
CREATE TABLE idempotency_key (
	person text NOT NULL,
	key text NOT NULL,
	fingerprint text NOT NULL,
	status integer,
	headers text,
	body text,
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (person, key)
);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);

-- Rules: what the functions are built from and what the messages come from (see sql/rules/).
CREATE TABLE rule (
	code text PRIMARY KEY,
	ledger text NOT NULL,
	mode text NOT NULL CHECK (mode IN ('R', 'G', 'F')),
	severity text NOT NULL CHECK (severity IN ('error', 'warning', 'info')),
	field text, -- column that the message is shown beside
	clause text NOT NULL,
	predicate text NOT NULL, -- true = violated; the row is `a`
	ja text NOT NULL,
	en text NOT NULL
);
