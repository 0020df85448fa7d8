DELETE FROM {table} WHERE {key} = $1 AND {scope} = ANY($2) AND row_version = $3::int AND {draft}
RETURNING {columns}
