-- Life of a row (§ of the ledgers): which act leads from which state to which, and who may.
CREATE TABLE life (
	ledger text NOT NULL,
	action text NOT NULL,
	from_state text NOT NULL,
	to_state text NOT NULL,
	offices text[] NOT NULL, -- '{}': nobody, the database does it as part of another act
	given jsonb NOT NULL DEFAULT '{}', -- what the row must say for this act to be meant
	gated boolean NOT NULL DEFAULT false, -- rules of mode G are asked
	clause text NOT NULL,
	ja text NOT NULL,
	en text NOT NULL,
	sort integer GENERATED ALWAYS AS IDENTITY, -- in the order of sql/rules/life.sql
	PRIMARY KEY (ledger, from_state, to_state, given)
);

-- Who proposes does not confirm (2.2(2)②): for media, too.  A new row is proposed by who makes it.
ALTER TABLE external_media ADD rating_proposed_by text,
	ADD CONSTRAINT external_media_rating_proposed_by_ref FOREIGN KEY (rating_proposed_by)
	REFERENCES person (login);
ALTER TABLE external_media_staging ADD rating_proposed_by text;
ALTER TABLE external_media ALTER rating_proposed_by SET DEFAULT acting_person();
ALTER TABLE asset ALTER rating_proposed_by SET DEFAULT acting_person();

-- An application that the register itself began, and takes back when it is no longer needed.
ALTER TABLE request ADD automatic boolean NOT NULL DEFAULT false;
ALTER TABLE request_staging ADD automatic boolean;
CREATE INDEX request_automatic ON request (asset) WHERE automatic AND state = 'draft';
CREATE INDEX system_catalogue_asset ON system_catalogue (asset);
