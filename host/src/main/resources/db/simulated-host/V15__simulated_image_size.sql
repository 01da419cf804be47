-- How long a simulated image is, as the file of a real one would be. NULL where that is not known: a guest state's, and
-- images of earlier versions.
ALTER TABLE simhost_image ADD COLUMN bytes BIGINT CHECK (bytes >= 0);
