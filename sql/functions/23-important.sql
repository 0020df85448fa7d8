-- 重要サーバ is derived, never typed (2.1(2)②(d), ⑧(f)): what it follows from is important_required
-- (generated); here is what follows from it.

CREATE OR REPLACE FUNCTION important_designators() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
	SELECT '{iso,inst_ciso,general_iso}'::text[] $$;

-- The manual designation is made and taken back by these offices alone, and never by itself (A1).
CREATE OR REPLACE FUNCTION important_designated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NOT act_is_local() AND NOT scope_all()
		AND NOT coalesce(acting('office') = ANY (important_designators()), false) THEN
		RAISE EXCEPTION 'not the one who designates' USING ERRCODE = 'DR001',
			DETAIL = fault_detail('office_needed', 'important_manual', '2.1(2)②(d)',
				'重要サーバの手動指定とその取消しは、情報セキュリティ責任者・機関CISO・統括情報セキュリティ責任者が行います。',
				'Designating an important server, and taking that back, is for: '
				|| array_to_string(important_designators(), ', ') || '.');
	END IF;
	RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER designated_insert BEFORE INSERT ON asset FOR EACH ROW
	WHEN (NEW.important_manual) EXECUTE FUNCTION important_designated();
CREATE OR REPLACE TRIGGER designated_update BEFORE UPDATE ON asset FOR EACH ROW
	WHEN (NEW.important_manual IS DISTINCT FROM OLD.important_manual
		AND (NEW.important_manual OR OLD.important_manual))
	EXECUTE FUNCTION important_designated();

-- As it will be once it is published: for the rules.
CREATE OR REPLACE FUNCTION asset_published(a asset) RETURNS asset LANGUAGE sql STABLE AS $$
	SELECT jsonb_populate_record(a, '{"external_public": true, "internet_inbound": true,
		"publication_planned": null}') $$;
CREATE OR REPLACE FUNCTION asset_becomes_important(a asset) RETURNS boolean
	LANGUAGE sql IMMUTABLE AS $$
	SELECT asset_is_important(a.asset_type, a.embodiment, a.cloud_service_model,
		a.external_public OR a.publication_planned, a.confidentiality, a.important_manual) $$;

-- 公開予定 becomes 外部公開 with the permission; at once, where none is needed or it is there
-- (⑧(f)).  What is public already is written as it is, and found (IMP-01).
CREATE OR REPLACE FUNCTION publication_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.important_state = 'permitted' OR NOT asset_is_important(NEW.asset_type,
		NEW.embodiment, NEW.cloud_service_model, true, NEW.confidentiality,
		NEW.important_manual) THEN
		NEW.external_public := true;
		NEW.internet_inbound := true;
		NEW.publication_planned := NULL;
	END IF;
	RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER important_publish BEFORE INSERT OR UPDATE ON asset FOR EACH ROW
	WHEN (NEW.publication_planned AND NEW.state <> 'draft') EXECUTE FUNCTION publication_held();

-- A generated column is not there yet before the row is written, so it is computed here, too.
-- What is permitted stays so: IMP-08 finds it, an application releases it.
CREATE OR REPLACE FUNCTION important_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.state <> 'draft' AND asset_is_important(NEW.asset_type, NEW.embodiment,
		NEW.cloud_service_model, NEW.external_public OR NEW.publication_planned,
		NEW.confidentiality, NEW.important_manual) THEN
		IF NEW.important_state = 'not_applicable' AND NOT (TG_OP = 'UPDATE'
			AND NOT asset_is_live(NEW.state)) THEN
			NEW.important_state := 'pending';
		END IF;
		NEW.important_due_on := CASE WHEN asset_is_live(NEW.state) THEN
			coalesce(NEW.important_due_on,
				act_today() + policy_days('convert_deadline', NEW.institution)) END;
	ELSE
		NEW.important_state := 'not_applicable';
		NEW.important_due_on := NULL;
	END IF;
	RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER important_insert BEFORE INSERT ON asset FOR EACH ROW
	WHEN (NEW.important_state <> 'permitted' AND (NEW.important_state <> 'not_applicable'
		OR (NEW.state <> 'draft' AND asset_is_important(NEW.asset_type, NEW.embodiment,
		NEW.cloud_service_model, NEW.external_public OR NEW.publication_planned,
		NEW.confidentiality, NEW.important_manual))))
	EXECUTE FUNCTION important_keep();
CREATE OR REPLACE TRIGGER important_update BEFORE UPDATE ON asset FOR EACH ROW
	WHEN (NEW.important_state <> 'permitted' AND (NEW.important_state <> 'not_applicable'
		OR (NEW.state <> 'draft' AND asset_is_important(NEW.asset_type, NEW.embodiment,
		NEW.cloud_service_model, NEW.external_public OR NEW.publication_planned,
		NEW.confidentiality, NEW.important_manual))))
	EXECUTE FUNCTION important_keep();

-- The draft of the application that the row now needs, once; taken back when it needs none.
-- Planned once, for one row or for many: by the index each, never over all applications.
CREATE OR REPLACE FUNCTION important_apply() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
	-- statements of no rows would run the triggers of the applications, too
	IF EXISTS (SELECT FROM new_rows n WHERE n.important_state = 'pending'
		AND asset_is_live(n.state)) THEN
		INSERT INTO request (request_type, institution, applicant, applicant_office, asset, reason,
			state, approver_office, due_on, automatic)
		SELECT CASE n.state WHEN 'planned' THEN 'important_new' ELSE 'important_convert' END,
			n.institution, coalesce(n.important_admin, n.sysadmin),
			CASE WHEN n.important_admin IS NULL THEN 'sysadmin' ELSE 'important_admin' END,
			n.asset_no, concat_ws('・', CASE WHEN n.external_public THEN '外部公開'
				WHEN n.publication_planned THEN '公開予定' END,
				CASE WHEN n.confidentiality >= 3 THEN '機密性' || n.confidentiality END,
				CASE WHEN n.important_manual THEN '手動指定' END) || 'により重要サーバに該当',
			'draft', 'inst_ciso', n.important_due_on, true
		FROM new_rows n
		WHERE n.important_state = 'pending' AND asset_is_live(n.state)
			AND coalesce(n.important_admin, n.sysadmin) IS NOT NULL
			AND NOT EXISTS (SELECT FROM request r WHERE r.asset = n.asset_no
				AND r.request_type IN ('important_new', 'important_convert')
				AND r.state IN ('draft', 'submitted', 'returned', 'reviewing', 'blocked',
					'awaiting_confirmation'));
	END IF;
	IF TG_OP = 'UPDATE' AND EXISTS (SELECT FROM new_rows n, LATERAL (SELECT FROM request r
			WHERE r.asset = n.asset_no AND r.automatic AND r.state = 'draft'
			AND r.request_type IN ('important_new', 'important_convert') OFFSET 0) one
		WHERE NOT (n.important_state = 'pending' AND asset_is_live(n.state))) THEN
		UPDATE request r SET state = 'withdrawn', row_version = r.row_version + 1,
			updated_by = acting_person(), updated_at = now()
		FROM new_rows n
		WHERE r.asset = n.asset_no AND r.automatic AND r.state = 'draft'
			AND r.request_type IN ('important_new', 'important_convert')
			AND NOT (n.important_state = 'pending' AND asset_is_live(n.state));
	END IF;
	RETURN NULL;
END $$;
-- Who has the server now makes the application.
CREATE OR REPLACE FUNCTION important_passed_on() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
BEGIN
	UPDATE request r SET applicant = coalesce(NEW.important_admin, NEW.sysadmin),
		applicant_office = CASE WHEN NEW.important_admin IS NULL THEN 'sysadmin'
			ELSE 'important_admin' END, row_version = r.row_version + 1,
		updated_by = acting_person(), updated_at = now()
	WHERE r.asset = NEW.asset_no AND r.automatic AND r.state = 'draft'
		AND r.request_type IN ('important_new', 'important_convert');
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER important_passed_on AFTER UPDATE OF sysadmin, important_admin ON asset
	FOR EACH ROW WHEN (NEW.important_state = 'pending'
		AND coalesce(NEW.important_admin, NEW.sysadmin)
			IS DISTINCT FROM coalesce(OLD.important_admin, OLD.sysadmin)
		AND coalesce(NEW.important_admin, NEW.sysadmin) IS NOT NULL)
	EXECUTE FUNCTION important_passed_on();
-- An application of one's own takes the place of the draft.
CREATE OR REPLACE FUNCTION important_applied() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
BEGIN
	UPDATE request r SET state = 'withdrawn', row_version = r.row_version + 1,
		updated_by = acting_person(), updated_at = now()
	WHERE r.asset = NEW.asset AND r.request_no <> NEW.request_no AND r.automatic
		AND r.state = 'draft' AND r.request_type IN ('important_new', 'important_convert');
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER important_applied AFTER UPDATE OF state ON request FOR EACH ROW
	WHEN (NEW.state = 'submitted' AND OLD.state <> 'submitted'
		AND NEW.request_type IN ('important_new', 'important_convert'))
	EXECUTE FUNCTION important_applied();
CREATE OR REPLACE TRIGGER important_apply_insert AFTER INSERT ON asset
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION important_apply();
CREATE OR REPLACE TRIGGER important_apply_update AFTER UPDATE ON asset
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION important_apply();
