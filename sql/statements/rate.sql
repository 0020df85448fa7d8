WITH act AS MATERIALIZED (SELECT * FROM {table}_rate($1, $2::jsonb, $4))
SELECT {columns} FROM act WHERE {scope} = ANY($3)
