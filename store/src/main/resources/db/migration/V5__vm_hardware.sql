-- What a real machine needs to know of a VM beyond its keys.
ALTER TABLE vm ADD COLUMN size TEXT;
ALTER TABLE vm ADD COLUMN secure_boot BIGINT NOT NULL DEFAULT 0;
