WITH act AS MATERIALIZED (SELECT * FROM {table}_act($1, $2, $3::jsonb, $4))
SELECT {columns} FROM act
