SELECT {columns} FROM {table}_act($1, $2, $3::jsonb, $4)
