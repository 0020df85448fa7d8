SELECT {missing} FROM {table} t WHERE {key} = $1 AND {seen}
