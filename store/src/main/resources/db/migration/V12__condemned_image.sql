-- Images whose artifact is gone, with the envelope of its data key: their host has still to delete them. vm_uuid and
-- disk_uuid say what they were of, as hosts know it; an image of a VM or a disk that is still there is deleted with it,
-- or before it is made anew.
CREATE TABLE condemned_image (
    artifact ${number},
    kind BIGINT NOT NULL CHECK (kind IN (1, 2, 3)),
    host TEXT NOT NULL,
    vm_uuid TEXT,
    disk_uuid TEXT
);
CREATE INDEX condemned_image_of_vm ON condemned_image (vm_uuid) WHERE vm_uuid IS NOT NULL;
CREATE INDEX condemned_image_of_disk ON condemned_image (disk_uuid) WHERE disk_uuid IS NOT NULL;
