-- The correlation id of the request that began the operation, as the audit record has it. Nothing in operations that an
-- earlier version began.
ALTER TABLE operation ADD COLUMN correlation TEXT;
