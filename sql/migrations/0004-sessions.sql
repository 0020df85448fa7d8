-- Log-in (7.1.1): passwords, second factors, sessions, delays.  Of every secret that is only
-- compared, a digest is kept.
CREATE TABLE password (
	person text COLLATE "C" PRIMARY KEY REFERENCES person (login) ON DELETE CASCADE,
	hash text NOT NULL CHECK (hash LIKE '$argon2id$%'),
	set_at timestamptz NOT NULL
);

-- One-time passwords need their secret back; sealed when the daemon has a key file.
CREATE TABLE totp (
	person text COLLATE "C" PRIMARY KEY REFERENCES person (login) ON DELETE CASCADE,
	secret bytea NOT NULL,
	sealed boolean NOT NULL,
	enrolled_at timestamptz NOT NULL,
	confirmed_at timestamptz, -- NULL: enrolled, but not yet shown to work
	last_counter bigint NOT NULL DEFAULT 0 -- no code up to this one is taken again
);

CREATE TABLE recovery_code (
	person text COLLATE "C" NOT NULL REFERENCES person (login) ON DELETE CASCADE,
	digest bytea NOT NULL CHECK (octet_length(digest) = 32),
	made_at timestamptz NOT NULL,
	used_at timestamptz,
	PRIMARY KEY (person, digest)
);

CREATE TABLE session (
	id text COLLATE "C" PRIMARY KEY,
	person text COLLATE "C" NOT NULL REFERENCES person (login) ON DELETE CASCADE,
	secret_sha256 bytea NOT NULL UNIQUE CHECK (octet_length(secret_sha256) = 32),
	client text,
	agent text,
	second_factor boolean NOT NULL,
	created_at timestamptz NOT NULL,
	proved_at timestamptz NOT NULL, -- newest password
	seen_at timestamptz NOT NULL,
	ended_at timestamptz,
	ended_by text CHECK (ended_by IN ('person', 'other', 'password', 'login', 'operator'))
);
CREATE INDEX session_person ON session (person) WHERE ended_at IS NULL;
CREATE INDEX session_age ON session (created_at);

-- Failures to log in.  Here and not in the memory of one daemon, so that several share them.
--   pair     login and address: what delays
--   account  login from anywhere: stretches the delay of a pair by some seconds
--   address  from one address, whoever was meant
-- Keys are digests: what was typed as a login may have been a password.  Each failure costs an
-- Argon2id hash, and rows go after an hour, so the table is bounded by the rate of hashing.
CREATE TABLE login_delay (
	kind text NOT NULL CHECK (kind IN ('pair', 'account', 'address')),
	key bytea NOT NULL,
	failures integer NOT NULL,
	failed_at timestamptz NOT NULL,
	succeeded_at timestamptz,
	PRIMARY KEY (kind, key)
);
CREATE INDEX login_delay_age ON login_delay (greatest(failed_at, succeeded_at));

-- What changes no row of a ledger, but must be told: log-in, refusal, reading.
ALTER TABLE audit_event DROP CONSTRAINT audit_event_action_check;
ALTER TABLE audit_event ADD CONSTRAINT audit_event_action_check
	CHECK (action IN ('insert', 'update', 'delete', 'note', 'read'));
