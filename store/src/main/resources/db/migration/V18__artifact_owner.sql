-- An artifact has one owner: the VM of a guest state, the disk of a disk's image. Which VM has a disk is said by the disk
-- alone. Kinds are numbers that the program knows, so a new kind, or a new sort of owner, changes no table.

-- A disk that its VM had been asked to give back was none of the VM's artifacts from then on. The operation that is at
-- work there notes it instead.
INSERT INTO operation_try (operation_id, target_key, revision)
SELECT o.id, d.arm_key, r.revision
FROM artifact a
    JOIN disk d ON d.id = a.disk_id
    JOIN resource r ON r.id = d.id
    JOIN vm v ON v.id = d.vm_id
    JOIN operation o ON o.target_key = v.arm_key AND o.kind = 'UPDATE_VM' AND o.status = 'IN_PROGRESS'
WHERE a.vm_id IS NULL;

CREATE TABLE artifact_with_owner (
    id ${identity},
    kind BIGINT NOT NULL,
    owner_id BIGINT NOT NULL UNIQUE REFERENCES resource (id) ON DELETE RESTRICT,
    set_id BIGINT,
    host TEXT NOT NULL,
    set_key_id BIGINT NOT NULL REFERENCES set_key (id) ON DELETE RESTRICT,
    nonce ${bytes} NOT NULL,
    sealed ${bytes} NOT NULL,
    chk ${bytes} NOT NULL,
    revision BIGINT NOT NULL CHECK (revision > 0),
    FOREIGN KEY (set_key_id, set_id) REFERENCES set_key (id, set_id) ON DELETE RESTRICT
);
INSERT INTO artifact_with_owner (id, kind, owner_id, set_id, host, set_key_id, nonce, sealed, chk, revision)
SELECT id, kind, coalesce(disk_id, vm_id), set_id, host, set_key_id, nonce, sealed, chk, revision FROM artifact;
DROP TABLE artifact;
ALTER TABLE artifact_with_owner RENAME TO artifact;
CREATE INDEX artifact_under_key ON artifact (set_key_id, id, kind, host);

CREATE TABLE condemned (
    artifact ${number},
    kind BIGINT NOT NULL,
    host TEXT NOT NULL,
    vm_uuid TEXT,
    disk_uuid TEXT
);
INSERT INTO condemned (artifact, kind, host, vm_uuid, disk_uuid)
SELECT artifact, kind, host, vm_uuid, disk_uuid FROM condemned_image;
DROP TABLE condemned_image;
ALTER TABLE condemned RENAME TO condemned_image;
CREATE INDEX condemned_image_of_vm ON condemned_image (vm_uuid) WHERE vm_uuid IS NOT NULL;
CREATE INDEX condemned_image_of_disk ON condemned_image (disk_uuid) WHERE disk_uuid IS NOT NULL;
