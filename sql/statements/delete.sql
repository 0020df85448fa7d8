DELETE FROM {table} WHERE {key} = $1 AND {scope} = ANY($2) AND row_version::text = $3 AND {draft}
RETURNING {columns}
