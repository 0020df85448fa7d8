SELECT {columns}, {read_past} FROM {table}_as_of($3::date) t WHERE {key} = $1 AND {seen}
