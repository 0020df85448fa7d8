-- Consumers: the feed of events, webhooks, notices by e-mail.

-- The feed is read from the log in the order of (xid, id).  Transaction numbers are those of one
-- cluster: whoever reads in another (a restored dump) begins anew behind what was there then.
CREATE TABLE event_seat (
	seat integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	sysid text NOT NULL,
	first_id bigint NOT NULL, -- rows up to this one are history, not events
	taken_at timestamptz NOT NULL DEFAULT now()
);

-- Where events of a 機関 are sent to, in the name of an officer and as far as the office sees.
CREATE SEQUENCE webhook_no;
CREATE TABLE webhook (
	webhook_no text COLLATE "C" PRIMARY KEY
		DEFAULT 'H' || lpad(nextval('webhook_no')::text, 6, '0'),
	institution text NOT NULL REFERENCES institution (code),
	url text NOT NULL CHECK (char_length(url) BETWEEN 8 AND 2000),
	types text[] NOT NULL DEFAULT '{}' CHECK (cardinality(types) <= 100), -- '{}': all
	note text CHECK (char_length(note) <= 500),
	owner text NOT NULL REFERENCES person (login),
	office text NOT NULL,
	active boolean NOT NULL DEFAULT true,
	disabled_reason text CHECK (disabled_reason IN ('gone', 'owner')),
	secret_set_at timestamptz NOT NULL DEFAULT now(),
	ended_at timestamptz,
	row_version integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT webhook_reason_when_off CHECK (NOT active OR disabled_reason IS NULL)
);
CREATE INDEX webhook_institution ON webhook (institution) WHERE ended_at IS NULL;
-- Apart from the row, whose after-image stands in the log.
CREATE TABLE webhook_secret (
	webhook text COLLATE "C" PRIMARY KEY REFERENCES webhook (webhook_no),
	secret bytea NOT NULL,
	sealed boolean NOT NULL
);
-- How far a hook has been given its events.
CREATE TABLE webhook_place (
	webhook text COLLATE "C" PRIMARY KEY REFERENCES webhook (webhook_no),
	seat integer NOT NULL,
	xid xid8 NOT NULL,
	id bigint NOT NULL
);
CREATE TABLE webhook_delivery (
	delivery_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	institution text NOT NULL,
	webhook text COLLATE "C" NOT NULL REFERENCES webhook (webhook_no),
	message_id text COLLATE "C" NOT NULL UNIQUE,
	event_id bigint, -- NULL: a test
	type text NOT NULL,
	body text NOT NULL,
	state text NOT NULL DEFAULT 'waiting'
		CHECK (state IN ('waiting', 'delivered', 'dead', 'cancelled')),
	attempts integer NOT NULL DEFAULT 0,
	next_at timestamptz NOT NULL,
	claimed_until timestamptz,
	last_status integer,
	last_error text,
	created_at timestamptz NOT NULL DEFAULT now(),
	ended_at timestamptz,
	UNIQUE (webhook, event_id)
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (next_at) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_ended ON webhook_delivery (ended_at) WHERE state <> 'waiting';

-- E-mail to a person.  The address is looked up when it is sent.
CREATE TABLE notice_place (
	one boolean PRIMARY KEY DEFAULT true CHECK (one),
	seat integer NOT NULL,
	xid xid8 NOT NULL,
	id bigint NOT NULL
);
CREATE TABLE notice (
	notice_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	institution text NOT NULL,
	person text NOT NULL REFERENCES person (login),
	purpose text NOT NULL CHECK (purpose IN ('act', 'subject', 'returned', 'decided', 'digest')),
	request text, -- NULL: a digest
	request_type text,
	request_state text,
	event_id bigint,
	digest_day date,
	lines jsonb NOT NULL DEFAULT '[]',
	state text NOT NULL DEFAULT 'waiting'
		CHECK (state IN ('waiting', 'sent', 'dead', 'cancelled')),
	attempts integer NOT NULL DEFAULT 0,
	next_at timestamptz NOT NULL,
	claimed_until timestamptz,
	last_error text,
	created_at timestamptz NOT NULL DEFAULT now(),
	ended_at timestamptz,
	UNIQUE (event_id, person, purpose),
	UNIQUE (digest_day, person)
);
CREATE INDEX notice_due ON notice (next_at) WHERE state = 'waiting';
CREATE INDEX notice_ended ON notice (ended_at) WHERE state <> 'waiting';
-- One digest a day, whoever makes it; and each term is told of once for each distance.
CREATE TABLE notice_digest (
	day date PRIMARY KEY,
	made_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE notice_told (
	object text COLLATE "C" NOT NULL, -- an application, or a campaign of 棚卸し
	person text COLLATE "C" NOT NULL,
	stage text NOT NULL
		CHECK (stage IN ('30', '7', 'over', 'confirm', 'inventory', 'inventory_over')),
	day date NOT NULL,
	PRIMARY KEY (object, person, stage, day)
);
