SELECT t.row_version, t.state, rule_messages({table}_judgement(t, act_today())), {read_event}
FROM {table} t WHERE {key} = $1 AND {seen}
