SELECT array_remove(ARRAY[{references}]::text[], NULL) AS unknown, {violations} AS rules
FROM (SELECT) one LEFT JOIN {table} t ON t.{key} = $1,
	LATERAL jsonb_populate_record(t, $2::jsonb) AS r
