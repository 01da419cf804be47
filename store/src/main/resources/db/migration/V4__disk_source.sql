-- What an OS disk is filled from when it is made: a file of the operator's, relative to the images directory. A creation
-- that was killed takes it up from here.
ALTER TABLE disk ADD COLUMN image_file TEXT;
ALTER TABLE disk ADD COLUMN image_format TEXT CHECK (image_format IN ('RAW', 'QCOW2'));
