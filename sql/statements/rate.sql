SELECT {columns} FROM {table}_rate($1, $2::jsonb, $4) WHERE {scope} = ANY($3)
