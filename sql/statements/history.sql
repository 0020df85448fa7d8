SELECT version, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
	person, office, client, request_id, operation, action, reason,
	audit_changes(lag(after) OVER (ORDER BY id), after) AS changes,
	(SELECT {read_event} FROM {table} t WHERE t.{key} = $1 LIMIT 1)
FROM audit_event
WHERE object_type = '{table}' AND object = $1 AND {seen_event}
	AND action IN ('insert', 'update', 'delete')
ORDER BY id
