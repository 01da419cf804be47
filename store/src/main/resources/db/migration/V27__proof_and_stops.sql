-- What the last verification of a set found, and the last one that came to no answer; it goes with its set.
-- after_rotation: the rotation that had begun last when it ended. through: every artifact of the set with a number up to
-- this one was looked at. closed: the numbers of those that did not open, as far as they were named.
CREATE TABLE verification (
    set_id BIGINT NOT NULL REFERENCES disk_set (id) ON DELETE CASCADE,
    answered BIGINT NOT NULL CHECK (answered IN (0, 1)),
    id TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    error TEXT,
    after_rotation TEXT,
    active_key TEXT,
    other_keys BIGINT,
    through BIGINT,
    opened BIGINT,
    failed BIGINT,
    closed TEXT,
    PRIMARY KEY (set_id, answered),
    CHECK ((answered = 1) = (active_key IS NOT NULL))
);

-- VMs that ran and were asked to stop so that the key of their set could be changed. after_rotation: the rotation of the
-- set that had begun last; started_at: when they began to run again, whoever wanted it. Rows go after a month.
CREATE TABLE stopped_for_key (
    vm_key TEXT NOT NULL PRIMARY KEY,
    vm TEXT NOT NULL,
    vm_uuid TEXT NOT NULL,
    set_ref TEXT NOT NULL,
    stopped_at BIGINT NOT NULL,
    after_rotation TEXT,
    started_at BIGINT
);
CREATE INDEX stopped_for_key_of_set ON stopped_for_key (set_ref, stopped_at);

-- A list of VMs in another order than by id reads one index too, and no row. As many indexes change with a VM as before.
DROP INDEX vm_listed;
CREATE INDEX vm_listed ON vm (arm_key, power, name, host, set_id);
DROP INDEX vm_of_set;
CREATE INDEX vm_of_set ON vm (set_id, arm_key, power, name, host);

-- What was done to a resource, while it is known.
CREATE INDEX operation_ended_on ON operation (target_key, ended_at) WHERE ended_at IS NOT NULL;
