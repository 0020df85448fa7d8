SELECT t.row_version, t.state, rule_messages({table}_judgement(t, $3::date)), {read_past}
FROM {table}_as_of($3::date) t WHERE {key} = $1 AND {seen}
