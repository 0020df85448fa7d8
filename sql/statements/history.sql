SELECT version, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
	person, office, client, request_id, operation, action, reason,
	audit_changes(lag(after) OVER (ORDER BY id), after) AS changes
FROM audit_event
WHERE object_type = '{table}' AND object = $1 AND institution = ANY($2)
ORDER BY id
