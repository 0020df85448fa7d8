-- Webhooks and their deliveries are of a 機関; notices, of a person in one.
SELECT policies_build(t, scope_plain('institution', false), scope_plain('institution', true))
	FROM unnest(ARRAY['webhook', 'webhook_delivery', 'notice']) t;
