-- Columns that follow from a decision: written by the database as part of the act that decides
-- (SECURITY DEFINER), by who stands at the machine, and by nobody else.

-- Not SECURITY DEFINER, as life_may(): who runs it tells.
CREATE OR REPLACE FUNCTION database_acts() RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT pg_has_role(current_user, 'daicho_owner', 'MEMBER') OR act_is_local() $$;

-- argument 0: the clause; the others: columns that stay as they are, or as a new row has them.
CREATE OR REPLACE FUNCTION columns_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	before jsonb := '{}';
	list jsonb;
BEGIN
	IF database_acts() THEN
		RETURN NEW;
	END IF;
	IF TG_OP = 'UPDATE' THEN
		before := to_jsonb(OLD);
	END IF;
	SELECT jsonb_agg(fault_detail('decided_elsewhere', c, TG_ARGV[0],
		'この項目は、申請の決定や確認の操作によってのみ変わります。',
		'This column follows from a decision; it is not written by itself.')::jsonb -> 0) INTO list
	FROM unnest(TG_ARGV[1:]) c
	WHERE CASE TG_OP WHEN 'UPDATE' THEN before->c IS DISTINCT FROM to_jsonb(NEW)->c
		ELSE coalesce(to_jsonb(NEW)->>c, 'not_applicable') <> 'not_applicable' END;
	RAISE EXCEPTION 'columns that follow from a decision' USING ERRCODE = 'DR001',
		DETAIL = coalesce(list, '[]');
END $$;

-- The trigger that keeps these columns of every row, or of those for which `only` holds; named so
-- that it comes before all others, which may change them as a consequence.
CREATE OR REPLACE FUNCTION columns_keep(ledger text, clause text, cols text[],
	only_if text DEFAULT 'true') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE OR REPLACE TRIGGER a_kept BEFORE UPDATE ON %I FOR EACH ROW WHEN '
		'((%s) AND ROW(true, %s) IS DISTINCT FROM ROW(true, %s)) EXECUTE FUNCTION '
		'columns_kept(%L, %s)', ledger, only_if,
		(SELECT string_agg('OLD.' || quote_ident(c), ', ') FROM unnest(cols) c),
		(SELECT string_agg('NEW.' || quote_ident(c), ', ') FROM unnest(cols) c), clause,
		(SELECT string_agg(quote_literal(c), ', ') FROM unnest(cols) c));
END $$;

-- 2.1(2)⑧(f), 2.2(2)②: the permission of an important server and who confirmed a rating.
SELECT columns_keep('asset', '2.1(2)⑧(f), 2.2(2)②', '{important_state,important_permit_request,'
	'important_admin,rating_by,rating_on}');
CREATE OR REPLACE TRIGGER a_kept_insert BEFORE INSERT ON asset FOR EACH ROW
	WHEN (NEW.important_state IN ('permitted', 'revoked') OR num_nonnulls(NEW.important_admin,
		NEW.important_permit_request, NEW.rating_by, NEW.rating_on) > 0)
	EXECUTE FUNCTION columns_kept('2.1(2)⑧(f), 2.2(2)②', 'important_state', 'important_admin',
		'important_permit_request', 'rating_by', 'rating_on');

-- What is taken over from before the register (継続) begins in operation; nothing becomes so later.
CREATE OR REPLACE FUNCTION adopted_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF act_is_local() OR (TG_OP = 'INSERT' AND database_acts()) THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION 'adopted at its registration or never' USING ERRCODE = 'DR001',
		DETAIL = fault_detail('decided_elsewhere', 'adopted', '2.1(2)⑧(f)',
			'既に運用中の資産としての登録は、登録の操作でのみ行えます。',
			'Only its registration takes over what is in operation already.');
END $$;
CREATE OR REPLACE TRIGGER a_kept_adopted BEFORE UPDATE ON asset FOR EACH ROW
	WHEN (NEW.adopted IS DISTINCT FROM OLD.adopted AND NOT (NEW.adopted AND OLD.state = 'draft'
		AND NEW.state = 'in_operation')) EXECUTE FUNCTION adopted_kept();
CREATE OR REPLACE TRIGGER a_kept_adopted_insert BEFORE INSERT ON asset FOR EACH ROW
	WHEN (NEW.adopted AND NEW.state IN ('draft', 'planned')) EXECUTE FUNCTION adopted_kept();

-- 2.3(2)⑤: an exception stays as it was granted; all that is added is the report to the CISO.
SELECT columns_keep('exception_grant', '2.3(2)⑤', '{exception_no,institution,request,rule,asset,'
	'medium,unit,alternative,valid_from,valid_to}');

-- 4.1(2)②(c): what a permission let onto a network stays within it, and what has ended has ended.
SELECT columns_keep('network_connection', '4.1(2)②(c)', '{connection_no,institution,asset,network,'
	'request,permitted_by,permitted_on,valid_to}', 'OLD.request IS NOT NULL');
CREATE OR REPLACE TRIGGER a_kept_ended BEFORE UPDATE ON network_connection FOR EACH ROW
	WHEN (OLD.ended_on IS NOT NULL AND (NEW.ended_on IS NULL
		OR (NEW.ended_on > OLD.ended_on AND OLD.request IS NOT NULL)))
	EXECUTE FUNCTION columns_kept('4.1(2)②(c)', 'ended_on');

-- 4.1(2)②(d): so does software; a review of it is a day of its own.
SELECT columns_keep('software_allowlist', '4.1(2)②(d)', '{allow_no,institution,asset,target,'
	'software_name,version_policy,request,approved_by}', 'OLD.request IS NOT NULL');
