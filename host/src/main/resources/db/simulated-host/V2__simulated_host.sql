-- The simulated host: what a real host would have on its own disks.
CREATE TABLE simhost_machine (
    id ${identity},
    vm_uuid TEXT NOT NULL UNIQUE,
    running BIGINT NOT NULL CHECK (running IN (0, 1))
);
CREATE INDEX simhost_machine_running ON simhost_machine (vm_uuid) WHERE running = 1;

CREATE TABLE simhost_image (
    artifact ${identity},
    kind TEXT NOT NULL CHECK (kind IN ('GUEST_STATE', 'OS_DISK', 'DATA_DISK')),
    machine BIGINT REFERENCES simhost_machine (id) ON DELETE RESTRICT,
    sealed ${bytes} NOT NULL
);
CREATE INDEX simhost_image_of_machine ON simhost_image (machine);

CREATE TABLE simhost_fault (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    vm TEXT,
    disk TEXT,
    artifact TEXT,
    host_call TEXT,
    delay_ms BIGINT,
    times BIGINT CHECK (times > 0)
);
