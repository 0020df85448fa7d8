-- Documents with their bytes: of an application, or of an asset (6.11(2)⑤(b)).
ALTER TABLE attachment
	ADD asset text REFERENCES asset (asset_no),
	ADD media_type text CHECK (char_length(media_type) BETWEEN 1 AND 200),
	ALTER request DROP NOT NULL,
	ADD CONSTRAINT attachment_of_one CHECK (num_nonnulls(request, asset) = 1);
CREATE INDEX attachment_asset ON attachment (asset) WHERE asset IS NOT NULL;
CREATE INDEX attachment_institution ON attachment (institution) INCLUDE (size_bytes);

-- How the bytes are sealed; the key of the file, wrapped with one that the database never sees.
CREATE TABLE attachment_content (
	attachment_no text COLLATE "C" PRIMARY KEY
		REFERENCES attachment (attachment_no) ON DELETE CASCADE,
	cipher text NOT NULL CHECK (cipher IN ('aes256gcm', 'chacha20poly1305')),
	key_name text NOT NULL CHECK (key_name ~ '^[A-Za-z0-9._-]{1,32}$'),
	wrapped_key bytea NOT NULL CHECK (octet_length(wrapped_key) = 60),
	chunks integer NOT NULL CHECK (chunks > 0)
);
CREATE INDEX attachment_content_key ON attachment_content (key_name);

-- The bytes.  What is enciphered cannot be compressed.
CREATE TABLE attachment_chunk (
	attachment_no text COLLATE "C" NOT NULL
		REFERENCES attachment_content (attachment_no) ON DELETE CASCADE,
	position integer NOT NULL CHECK (position >= 0),
	data bytea NOT NULL CHECK (octet_length(data) BETWEEN 17 AND 262160),
	PRIMARY KEY (attachment_no, position)
);
ALTER TABLE attachment_chunk ALTER data SET STORAGE EXTERNAL;
