-- What ends, and with what.

--   completion_ends  completed, a permit counts no more; in the other kinds it was carried out, and
--                    stands
--   term             'office': the days of an appointment are members of the application
ALTER TABLE workflow_kind
	ADD completion_ends boolean NOT NULL DEFAULT false,
	DROP CONSTRAINT workflow_kind_term_check,
	ADD CONSTRAINT workflow_kind_term_check CHECK (term IN ('none', 'may', 'must', 'office'));

-- A permission to connect ends with the last of its connections.
CREATE INDEX network_connection_request ON network_connection (request) WHERE request IS NOT NULL;
