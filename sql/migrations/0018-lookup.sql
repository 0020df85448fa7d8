-- What 機関CSIRT asks in an incident (3.3(2)②(d)): whose is this address, host, place; who has this
-- software.

-- First and last address of "a", "a/24" or "a-b"; nothing of what is none.
CREATE FUNCTION address_range(e text, OUT low inet, OUT high inet) LANGUAGE plpgsql IMMUTABLE
	STRICT AS $$
DECLARE
	net inet;
BEGIN
	IF strpos(e, '-') > 0 THEN
		low := split_part(e, '-', 1);
		high := split_part(e, '-', 2);
		IF family(low) <> family(high) THEN
			high := low;
		ELSIF high < low THEN
			net := low;
			low := high;
			high := net;
		END IF;
	ELSE
		net := e;
		low := host(network(net));
		high := host(broadcast(net));
	END IF;
EXCEPTION WHEN data_exception THEN
	low := NULL;
	high := NULL;
END $$;

-- Keys by which addresses are found: of each the smallest network around it, and with '<' the
-- wider ones in which it lies, at a few lengths.  An address is sought by all networks around it,
-- a network by these and by the next wider of the marked ones; what is found is then compared.
CREATE FUNCTION address_keys(addresses text[]) RETURNS text[] LANGUAGE plpgsql IMMUTABLE
	STRICT AS $$
DECLARE
	keys text[] := '{}';
	e text;
	octet text[];
	r record;
	net cidr;
	n integer;
BEGIN
	FOREACH e IN ARRAY addresses LOOP
		IF e ~ '^\d+\.\d+\.\d+\.\d+$' THEN -- nearly all: an import makes many of them
			octet := string_to_array(e, '.');
			keys := keys || ARRAY[e || '/32', '<' || octet[1] || '.0.0.0/8',
				'<' || octet[1] || '.' || octet[2] || '.0.0/16',
				'<' || octet[1] || '.' || octet[2] || '.' || octet[3] || '.0/24'];
			CONTINUE;
		END IF;
		r := address_range(e);
		CONTINUE WHEN r.low IS NULL;
		net := inet_merge(r.low, r.high);
		keys := keys || text(net::inet);
		FOREACH n IN ARRAY CASE family(net) WHEN 4 THEN '{8,16,24}' ELSE '{32,48,64}'
			END::integer[] LOOP
			EXIT WHEN n > masklen(net);
			keys := keys || ('<' || text(network(set_masklen(net::inet, n))::inet));
		END LOOP;
	END LOOP;
	RETURN keys;
END $$;

-- Those by which an address or a network is sought.
CREATE FUNCTION address_sought(q text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
	r record := address_range(q);
	net cidr := inet_merge(r.low, r.high);
	keys text[] := '{}';
	n integer;
BEGIN
	FOR n IN 0 .. masklen(net) LOOP
		keys := keys || text(network(set_masklen(net::inet, n))::inet);
	END LOOP;
	SELECT max(x) INTO n FROM unnest(CASE family(net) WHEN 4 THEN '{8,16,24}'::integer[]
		ELSE '{32,48,64}' END) x WHERE x <= masklen(net);
	IF n IS NOT NULL AND r.low <> r.high THEN
		keys := keys || ('<' || text(network(set_masklen(net::inet, n))::inet));
	END IF;
	RETURN keys;
END $$;

CREATE INDEX asset_addresses ON asset USING gin (address_keys(ip_addrs || network_cidrs));
CREATE INDEX system_catalogue_network ON system_catalogue USING gin (network jsonb_path_ops)
	WHERE status = 'submitted';
CREATE INDEX asset_web_fqdn ON asset USING gin (web_fqdn) WHERE web_fqdn IS NOT NULL;
CREATE INDEX asset_important_admin ON asset (important_admin) WHERE important_admin IS NOT NULL;
CREATE INDEX asset_key_custodian ON asset (key_custodian) WHERE key_custodian IS NOT NULL;
CREATE INDEX asset_location_area ON asset (location_area) WHERE location_area IS NOT NULL;
CREATE INDEX asset_important ON asset (institution) WHERE important_state <> 'not_applicable';
CREATE INDEX asset_software_folded ON asset_software (lower(software_name));
CREATE INDEX emergency_contact_person ON emergency_contact (person) WHERE person IS NOT NULL;
