SELECT {may_change} FROM {table} a WHERE a.{key} = $1 AND a.{scope} = ANY($2)
