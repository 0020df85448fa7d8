SELECT {columns} FROM {table} WHERE {key} = $1 AND {scope} = ANY($2)
