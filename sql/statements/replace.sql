UPDATE {table} AS t SET ({changeable}) =
	(SELECT {changeable} FROM jsonb_populate_record(NULL::{table}, $2::jsonb) AS r),
	row_version = t.row_version + 1, updated_by = acting_person(), updated_at = now()
WHERE t.{key} = $1 AND t.{scope} = ANY($3) AND t.row_version::text = $4
RETURNING {columns}
