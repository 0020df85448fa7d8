-- 棚卸し (2.2(1)): a campaign of one 機関, and what was answered about each row.
CREATE SEQUENCE inventory_no;
CREATE TABLE inventory (
	inventory_no text COLLATE "C" PRIMARY KEY DEFAULT 'V' || lpad(nextval('inventory_no')::text, 8, '0'),
	institution text NOT NULL,
	fiscal_year integer NOT NULL CHECK (fiscal_year BETWEEN 2000 AND 2200),
	title text NOT NULL,
	ledgers text[] NOT NULL CHECK (ledgers <@ ARRAY['assets', 'media']),
	opens_on date NOT NULL,
	closes_on date NOT NULL,
	closed_on date,
	row_version integer NOT NULL DEFAULT 1,
	created_by text DEFAULT acting_person(),
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_by text DEFAULT acting_person(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT inventory_institution_ref FOREIGN KEY (institution) REFERENCES institution (code),
	CONSTRAINT inventory_ledgers_some CHECK (cardinality(ledgers) > 0),
	CONSTRAINT inventory_closes_on_order CHECK (closes_on >= opens_on),
	UNIQUE (institution, inventory_no)
);
CREATE UNIQUE INDEX inventory_fiscal_year_open ON inventory (institution, fiscal_year)
	WHERE closed_on IS NULL;

-- What was said; the latest counts.  Nothing is taken back.
CREATE TABLE inventory_answer (
	answer_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	inventory text NOT NULL,
	institution text NOT NULL,
	ledger text NOT NULL CHECK (ledger IN ('assets', 'media')),
	object text COLLATE "C" NOT NULL,
	unit text, -- of the row, when it was answered
	answer text NOT NULL CHECK (answer IN ('confirmed', 'corrected', 'retired', 'not_found')),
	note text,
	person text DEFAULT acting_person(),
	office text,
	at timestamptz NOT NULL,
	row_version integer NOT NULL DEFAULT 1,
	CONSTRAINT inventory_answer_inventory_ref FOREIGN KEY (institution, inventory) REFERENCES inventory (institution, inventory_no)
);
CREATE INDEX inventory_answer_object ON inventory_answer (inventory, ledger, object, answer_no);

CREATE UNLOGGED TABLE inventory_staging (LIKE inventory);
DO $$
DECLARE
	c text;
BEGIN
	FOR c IN SELECT attname FROM pg_attribute WHERE attrelid = 'inventory_staging'::regclass
		AND attnum > 0 AND attnotnull LOOP
		EXECUTE format('ALTER TABLE inventory_staging ALTER %I DROP NOT NULL', c);
	END LOOP;
	ALTER TABLE inventory_staging ADD import_no text NOT NULL, ADD line bigint NOT NULL,
		ADD bad boolean NOT NULL, ADD found text COLLATE "C", ADD act text;
	CREATE INDEX ON inventory_staging (import_no);
END $$;
