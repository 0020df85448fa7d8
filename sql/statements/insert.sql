INSERT INTO {table} ({writable})
SELECT {writable} FROM jsonb_populate_record(NULL::{table}, $1::jsonb) AS r
WHERE r.{scope} = ANY($2::text[]) OR '*' = ANY($2::text[])
RETURNING {columns}
