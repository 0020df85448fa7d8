UPDATE {table} SET {registered},
	row_version = row_version + 1, updated_by = acting_person(), updated_at = now()
WHERE {key} = $1 AND {scope} = ANY($2) AND row_version::text = $3 AND state = 'draft'
	AND $4::boolean IS NOT NULL
RETURNING {columns}
