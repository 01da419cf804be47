-- When the person of a session showed who it is: with a provider outside that is before the session began. NULL where it was
-- then, as with all that are older than this column.
ALTER TABLE person_session ADD COLUMN shown_at BIGINT;

-- The last few times that a VM stopped by itself and its host said why. They go with the VM.
CREATE TABLE vm_crash (
    vm_id BIGINT NOT NULL REFERENCES vm (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (vm_id, at)
);
