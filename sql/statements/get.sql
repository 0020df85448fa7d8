SELECT {columns}, {read_event} FROM {table} t WHERE {key} = $1 AND {seen}
