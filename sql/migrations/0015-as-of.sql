-- The ledgers as of a day are read from the log: by key, and by 機関 and key, in the order of the
-- lists, which is that of the keys.  Events of reading are none of its business.
DROP POLICY IF EXISTS seen ON audit_event; -- made again after every migration
DROP INDEX audit_event_object;
ALTER TABLE audit_event ALTER object TYPE text COLLATE "C";
CREATE INDEX audit_event_object ON audit_event (object_type, object, id)
	WHERE action IN ('insert', 'update', 'delete');
CREATE INDEX audit_event_place ON audit_event (object_type, institution, object, id)
	WHERE action IN ('insert', 'update', 'delete');
