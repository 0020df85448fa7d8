SELECT x.action, x.given, x.to_state, array_to_json(x.offices), x.clause, x.ja, x.en, x.may
FROM {table}_actions($1) x WHERE $2::text[] IS NOT NULL
