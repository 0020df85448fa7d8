-- Documents: filed, taken back and cleaned up here and nowhere else; the daemon's role writes none
-- of the tables.  What a document is (digest, size, type) is said by the daemon, which has read it.

CREATE OR REPLACE FUNCTION attachment_add(doc jsonb, at_institution text, of_request text,
	of_asset text) RETURNS SETOF attachment LANGUAGE plpgsql AS $$
BEGIN
	IF (SELECT count(*) FROM attachment t WHERE t.request = of_request OR t.asset = of_asset) >= 200
	THEN
		RAISE EXCEPTION 'there are 200 documents already' USING ERRCODE = 'DR002';
	END IF;
	RETURN QUERY INSERT INTO attachment (attachment_no, institution, request, asset, kind, file_name, sha256,
		size_bytes, media_type, confidentiality, keep_until, note)
	VALUES (doc->>'attachment_no', at_institution, of_request, of_asset, doc->>'kind',
		doc->>'file_name', doc->>'sha256', (doc->>'size_bytes')::bigint, doc->>'media_type',
		(doc->>'confidentiality')::smallint, (doc->>'keep_until')::date, doc->>'note')
	RETURNING *;
END $$;

-- Of an application: by its applicant, while it is being made.
CREATE OR REPLACE FUNCTION request_documents_take(no text, seen_version text) RETURNS request
	LANGUAGE plpgsql AS $$
DECLARE
	r request := request_take(no, seen_version);
	me text := request_actor();
BEGIN
	IF r.request_no IS NULL THEN
		RETURN NULL;
	ELSIF r.applicant <> me THEN
		RAISE EXCEPTION 'only the applicant' USING ERRCODE = 'DR004', DETAIL = applicant_only();
	ELSIF r.state NOT IN ('draft', 'returned') THEN
		RAISE EXCEPTION 'an application that is submitted is not edited' USING ERRCODE = 'DR002';
	END IF;
	UPDATE request q SET row_version = q.row_version + 1, updated_by = me, updated_at = now()
	WHERE q.request_no = no;
	RETURN r;
END $$;
CREATE OR REPLACE FUNCTION request_attach(no text, doc jsonb, seen_version text)
	RETURNS SETOF attachment LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	r request := request_documents_take(no, seen_version);
BEGIN
	IF r.request_no IS NOT NULL THEN
		RETURN QUERY SELECT * FROM attachment_add(doc, r.institution, no, NULL);
	END IF;
END $$;

-- Of an asset: by who may change it.
CREATE OR REPLACE FUNCTION writer_only() RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT fault('office_needed', 'asset', '2.1(2)⑧(a)(c)',
		'この資産の登録を変更できる役割に就いている者だけが、文書を添付・削除できます。',
		'Documents of an asset are filed and taken back by who may change its row.')::text $$;
CREATE OR REPLACE FUNCTION asset_attach(no text, doc jsonb) RETURNS SETOF attachment
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	a asset;
BEGIN
	PERFORM request_actor();
	SELECT * INTO a FROM asset x WHERE x.asset_no = no FOR KEY SHARE;
	IF a.asset_no IS NULL OR NOT asset_may_change(a) THEN
		RAISE EXCEPTION 'only who may change the asset' USING ERRCODE = 'DR004',
			DETAIL = writer_only();
	END IF;
	RETURN QUERY SELECT * FROM attachment_add(doc, a.institution, NULL, no);
END $$;

-- Does it fit into what the 機関 may keep?  Itself is counted already.
CREATE OR REPLACE FUNCTION attachment_fits(at_institution text, quota bigint) RETURNS void
	LANGUAGE plpgsql AS $$
DECLARE
	used bigint := (SELECT sum(t.size_bytes) FROM attachment t
		WHERE t.institution = at_institution);
BEGIN
	IF used > quota THEN
		RAISE EXCEPTION 'quota' USING ERRCODE = 'DR005', DETAIL = used::text;
	END IF;
END $$;

-- Was this document filed by the transaction that asks?  Nobody adds to one that stands.
CREATE OR REPLACE FUNCTION attachment_fresh(no text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	at_institution text := (SELECT t.institution FROM attachment t WHERE t.attachment_no = no
		AND t.xmin = pg_current_xact_id()::xid);
BEGIN
	IF at_institution IS NULL THEN
		RAISE EXCEPTION 'a document that stands is not written' USING ERRCODE = 'DR004';
	END IF;
	RETURN at_institution;
END $$;

-- The bytes of a document that was just filed: how they are sealed, each chunk, and the end.
CREATE OR REPLACE FUNCTION attachment_begin(no text, cipher text, key_name text, wrapped bytea,
	chunks integer, quota bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
BEGIN
	PERFORM attachment_fits(attachment_fresh(no), quota);
	INSERT INTO attachment_content VALUES (no, cipher, key_name, wrapped, chunks);
END $$;
CREATE OR REPLACE FUNCTION attachment_put(no text, place integer, data bytea) RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	PERFORM attachment_fresh(no);
	INSERT INTO attachment_chunk VALUES (no, place, data);
END $$;
-- The lock comes last, so that those who file at once wait for each other only here.
CREATE OR REPLACE FUNCTION attachment_end(no text, quota bigint) RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	at_institution text := attachment_fresh(no);
BEGIN
	PERFORM pg_advisory_xact_lock(hashtextextended('attachment ' || at_institution, 8620));
	PERFORM attachment_fits(at_institution, quota);
END $$;

-- No row without its bytes, whoever writes: nobody claims a document that is not there.
CREATE OR REPLACE FUNCTION attachment_whole(t attachment) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT coalesce((SELECT c.chunks = count(*) AND max(k.position) = c.chunks - 1
			AND sum(octet_length(k.data)) = t.size_bytes + 16 * c.chunks
		FROM attachment_content c JOIN attachment_chunk k USING (attachment_no)
		WHERE c.attachment_no = t.attachment_no GROUP BY c.chunks), false) $$;
CREATE OR REPLACE FUNCTION attachment_is_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
BEGIN
	IF EXISTS (SELECT FROM attachment t WHERE t.attachment_no = NEW.attachment_no
		AND NOT attachment_whole(t)) THEN
		RAISE EXCEPTION 'a document without its bytes' USING ERRCODE = 'DR002';
	END IF;
	RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS attachment_is_kept ON attachment;
CREATE CONSTRAINT TRIGGER attachment_is_kept AFTER INSERT ON attachment
	DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION attachment_is_kept();

-- Taken back: of an application that is being made by its applicant, of an asset while it is a
-- draft by who may change it.  false: another version stands there.
CREATE OR REPLACE FUNCTION attachment_remove(no text, seen_version text) RETURNS boolean
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	t attachment;
	a asset;
BEGIN
	SELECT * INTO t FROM attachment x WHERE x.attachment_no = no FOR UPDATE;
	IF t.row_version::text IS DISTINCT FROM seen_version THEN
		RETURN false;
	ELSIF t.request IS NOT NULL THEN
		PERFORM request_documents_take(t.request, (SELECT r.row_version::text FROM request r
			WHERE r.request_no = t.request));
	ELSE
		SELECT * INTO a FROM asset x WHERE x.asset_no = t.asset FOR SHARE;
		IF NOT asset_may_change(a) THEN
			RAISE EXCEPTION 'only who may change the asset' USING ERRCODE = 'DR004',
				DETAIL = writer_only();
		ELSIF a.state <> 'draft' THEN
			RAISE EXCEPTION 'documents of an asset on record are kept' USING ERRCODE = 'DR002';
		END IF;
	END IF;
	DELETE FROM attachment x WHERE x.attachment_no = no;
	RETURN true;
END $$;

-- What nobody has seen and nobody is going to: of applications that were withdrawn without ever
-- having been submitted.
CREATE OR REPLACE FUNCTION attachments_clean(days integer) RETURNS bigint LANGUAGE plpgsql
	SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	n bigint;
BEGIN
	IF days < 1 THEN
		RAISE EXCEPTION 'at least one day' USING ERRCODE = 'DR002';
	END IF;
	WITH gone AS (DELETE FROM attachment t USING request r WHERE t.request = r.request_no
		AND r.state = 'withdrawn' AND r.submitted_at IS NULL
		AND greatest(r.updated_at, t.created_at) < act_now() - make_interval(days => days)
		RETURNING 1)
	SELECT count(*) INTO n FROM gone;
	RETURN n;
END $$;

-- Where the machine stands, keys are wrapped with another: an event, for no row changes.
CREATE OR REPLACE FUNCTION attachment_rewrap(no text, old_name text, new_name text, wrapped bytea)
	RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	IF NOT scope_all() THEN
		RAISE EXCEPTION 'only where the machine stands' USING ERRCODE = 'DR004';
	END IF;
	UPDATE attachment_content c SET key_name = new_name, wrapped_key = wrapped
	WHERE c.attachment_no = no AND c.key_name = old_name;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	INSERT INTO audit_event (institution, person, office, account, client, request_id,
		operation, action, object_type, object, version, after)
	SELECT t.institution, c.*, 'note', 'attachment', no, t.row_version, jsonb_build_object(
		'what', 'rekeyed', 'key', new_name, 'before', old_name)
	FROM attachment t, act_context() c WHERE t.attachment_no = no;
	RETURN true;
END $$;

REVOKE ALL ON FUNCTION asset_attach(text, jsonb), attachment_begin(text, text, text, bytea, integer,
	bigint), attachment_put(text, integer, bytea), attachment_end(text, bigint),
	attachment_remove(text, text), attachments_clean(integer), attachment_rewrap(text, text, text,
	bytea), attachment_add(jsonb, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION asset_attach(text, jsonb), attachment_begin(text, text, text, bytea,
	integer, bigint), attachment_put(text, integer, bytea), attachment_end(text, bigint),
	attachment_remove(text, text), attachments_clean(integer), attachment_rewrap(text, text, text,
	bytea) TO daicho_app;

-- 6.11(2)⑤(b): a record of disposal that names no certificate takes the newest that is filed for
-- the asset; before disposal_keep, which asks until when it is kept.
CREATE OR REPLACE FUNCTION disposal_certificate() RETURNS trigger LANGUAGE plpgsql
	SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	t attachment;
BEGIN
	SELECT * INTO t FROM attachment x WHERE x.asset = NEW.asset
		AND x.kind IN ('erasure_log', 'destruction_certificate')
	ORDER BY x.attachment_no DESC LIMIT 1;
	IF t.attachment_no IS NOT NULL THEN
		NEW.certificate_name := left(t.file_name, 200);
		NEW.certificate_sha256 := t.sha256;
		NEW.certificate_keep_until := coalesce(NEW.certificate_keep_until, t.keep_until);
	END IF;
	RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER disposal_certificate BEFORE INSERT OR UPDATE ON disposal_record
	FOR EACH ROW WHEN (NEW.asset IS NOT NULL AND NEW.certificate_name IS NULL
		AND NEW.certificate_sha256 IS NULL) EXECUTE FUNCTION disposal_certificate();
