-- Of which artifacts the last verification of a set says nothing, though their numbers are up to through: they were in the
-- making, or about to be deleted. Empty in rows that are older than this column.
ALTER TABLE verification ADD COLUMN left_out TEXT;
