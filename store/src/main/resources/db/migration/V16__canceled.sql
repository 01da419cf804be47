-- An operation that was ended for the sake of another is shown as Canceled. It keeps the status FAILED beside this mark,
-- so that whatever goes by the status takes it for what has not succeeded.
ALTER TABLE operation ADD COLUMN canceled BIGINT NOT NULL DEFAULT 0 CHECK (canceled IN (0, 1));
