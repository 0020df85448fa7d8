-- Media on the move: what is out is out once, and what a permission is used for stands in one row.
ALTER TABLE media_movement ADD return_note text;
ALTER TABLE media_movement_staging ADD return_note text;
CREATE UNIQUE INDEX media_movement_medium_open ON media_movement (medium)
	WHERE medium IS NOT NULL AND returned_at IS NULL;
CREATE UNIQUE INDEX media_movement_asset_open ON media_movement (asset)
	WHERE asset IS NOT NULL AND returned_at IS NULL;
-- 4.1(2)②(f): one movement to a permission
CREATE UNIQUE INDEX media_movement_request_once ON media_movement (request)
	WHERE request IS NOT NULL;
