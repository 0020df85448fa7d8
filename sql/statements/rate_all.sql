WITH act AS MATERIALIZED (SELECT * FROM {table}_rate_all($1::text[]) x)
SELECT array_to_json(array_agg(x ORDER BY x)) FROM act
