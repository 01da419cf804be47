-- One set of migrations for every database. ${identity} is a 64-bit primary key that the database numbers unless a
-- number is given, ${number} one that is always given; ${bytes} is the type for bytes. Times are milliseconds since the
-- epoch, truths 0 or 1.
-- Text compares byte by byte: PostgreSQL needs the collation C.

-- Heads. arm_key is the lower-case id; rows refer to each other by the short number.
CREATE TABLE resource (
    id ${identity},
    arm_key TEXT NOT NULL UNIQUE,
    display TEXT NOT NULL,
    type TEXT NOT NULL,
    location TEXT NOT NULL,
    tags TEXT NOT NULL,
    document TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('CREATING', 'UPDATING', 'SUCCEEDED', 'FAILED', 'DELETING')),
    revision BIGINT NOT NULL CHECK (revision > 0),
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX resource_of_type ON resource (type, arm_key);
CREATE INDEX resource_busy ON resource (type, id) WHERE state IN ('CREATING', 'UPDATING', 'DELETING');

CREATE TABLE operation (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    target_key TEXT NOT NULL,
    arguments TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('IN_PROGRESS', 'SUCCEEDED', 'FAILED')),
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    error TEXT,
    percent_complete BIGINT CHECK (percent_complete BETWEEN 0 AND 100),
    attempts BIGINT NOT NULL,
    fence BIGINT NOT NULL,
    owner TEXT,
    lease_until BIGINT,
    CHECK ((status = 'IN_PROGRESS') = (ended_at IS NULL)),
    CHECK ((status = 'FAILED') = (error IS NOT NULL))
);
CREATE INDEX operation_running ON operation (started_at, id) WHERE status = 'IN_PROGRESS';
CREATE INDEX operation_on_target ON operation (target_key, started_at, id) WHERE status = 'IN_PROGRESS';
CREATE INDEX operation_ended ON operation (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE disk_set (
    id ${number} REFERENCES resource (id) ON DELETE CASCADE,
    active_key TEXT NOT NULL,
    source_vault TEXT,
    principal TEXT NOT NULL,
    identity_resource TEXT,
    rotation TEXT,
    last_rotated_at BIGINT,
    last_rotation_error TEXT,
    key_lost_at BIGINT
);

-- Deleting a set takes its set keys along, unless an artifact is under one: then neither can be deleted.
CREATE TABLE set_key (
    id ${identity},
    uuid TEXT NOT NULL UNIQUE,
    set_id BIGINT REFERENCES disk_set (id) ON DELETE CASCADE,
    key_url TEXT,
    key_ref TEXT,
    wrapped ${bytes} NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (set_id, key_ref),
    UNIQUE (id, set_id),
    CHECK ((set_id IS NULL) = (key_url IS NULL)),
    CHECK ((set_id IS NULL) = (key_ref IS NULL))
);
CREATE INDEX set_key_of_version ON set_key (key_ref);
CREATE UNIQUE INDEX set_key_of_platform ON set_key ((set_id IS NULL)) WHERE set_id IS NULL;

CREATE TABLE vm (
    id ${number} REFERENCES resource (id) ON DELETE CASCADE,
    arm_key TEXT NOT NULL,
    vm_uuid TEXT NOT NULL UNIQUE,
    encryption TEXT NOT NULL,
    set_id BIGINT REFERENCES disk_set (id) ON DELETE RESTRICT,
    host TEXT NOT NULL,
    ephemeral BIGINT NOT NULL,
    power TEXT NOT NULL
        CHECK (power IN ('STARTING', 'RUNNING', 'STOPPING', 'STOPPED', 'DEALLOCATING', 'DEALLOCATED')),
    power_since BIGINT NOT NULL,
    fault TEXT
);
CREATE INDEX vm_of_set ON vm (set_id, arm_key);
CREATE INDEX vm_active_in_set ON vm (set_id, id) WHERE power NOT IN ('STOPPED', 'DEALLOCATED');
CREATE INDEX vm_ephemeral_in_set ON vm (set_id, id) WHERE ephemeral = 1;
CREATE INDEX vm_active_on_host ON vm (host, arm_key) WHERE power NOT IN ('STOPPED', 'DEALLOCATED');

CREATE TABLE disk (
    id ${number} REFERENCES resource (id) ON DELETE CASCADE,
    arm_key TEXT NOT NULL,
    disk_uuid TEXT NOT NULL UNIQUE,
    os BIGINT NOT NULL,
    size_gb BIGINT NOT NULL,
    set_id BIGINT REFERENCES disk_set (id) ON DELETE RESTRICT,
    host TEXT NOT NULL,
    vm_id BIGINT REFERENCES vm (id) ON DELETE RESTRICT,
    lun BIGINT,
    delete_with_vm BIGINT NOT NULL
);
CREATE INDEX disk_of_set ON disk (set_id, arm_key);
CREATE INDEX disk_of_vm ON disk (vm_id);

-- An artifact row is a data key: nothing deletes it on the way. The pair (set_key_id, set_id) keeps an artifact under a
-- set key of its own set; set_id is NULL under the platform's.
CREATE TABLE artifact (
    id ${identity},
    kind BIGINT NOT NULL CHECK (kind IN (1, 2, 3)),
    vm_id BIGINT REFERENCES vm (id) ON DELETE RESTRICT,
    disk_id BIGINT UNIQUE REFERENCES disk (id) ON DELETE RESTRICT,
    set_id BIGINT,
    host TEXT NOT NULL,
    set_key_id BIGINT NOT NULL REFERENCES set_key (id) ON DELETE RESTRICT,
    nonce ${bytes} NOT NULL,
    sealed ${bytes} NOT NULL,
    chk ${bytes} NOT NULL,
    revision BIGINT NOT NULL CHECK (revision > 0),
    FOREIGN KEY (set_key_id, set_id) REFERENCES set_key (id, set_id) ON DELETE RESTRICT
);
CREATE INDEX artifact_under_key ON artifact (set_key_id, id, kind, host);
CREATE INDEX artifact_of_vm ON artifact (vm_id, id);

CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    next BIGINT NOT NULL
);
INSERT INTO counter (name, next) VALUES ('artifact', 1);

-- History: it stays when the set is gone.
CREATE TABLE rotation (
    id TEXT NOT NULL PRIMARY KEY,
    set_display TEXT NOT NULL,
    set_ref TEXT NOT NULL,
    from_key TEXT NOT NULL,
    to_key TEXT NOT NULL,
    to_vault TEXT,
    deep BIGINT NOT NULL,
    requested_by TEXT NOT NULL,
    target_key TEXT,
    after_artifact BIGINT NOT NULL,
    total BIGINT NOT NULL,
    rewrapped BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX rotation_of_set ON rotation (set_ref, started_at);

CREATE TABLE rotation_failure (
    rotation_id TEXT NOT NULL REFERENCES rotation (id) ON DELETE CASCADE,
    artifact_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (rotation_id, artifact_id)
);

CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE signing_key (
    kid TEXT NOT NULL PRIMARY KEY,
    sealed ${bytes} NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE principal (
    id TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    resource TEXT,
    resource_key TEXT UNIQUE,
    created_at BIGINT NOT NULL,
    CHECK ((resource IS NULL) = (resource_key IS NULL))
);

CREATE TABLE client_secret (
    key_id TEXT NOT NULL PRIMARY KEY,
    principal_id TEXT NOT NULL REFERENCES principal (id) ON DELETE CASCADE,
    hash ${bytes} NOT NULL,
    hint TEXT NOT NULL,
    display_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);
CREATE INDEX client_secret_of_principal ON client_secret (principal_id, created_at);

CREATE TABLE role_assignment (
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    principal TEXT NOT NULL,
    description TEXT,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (scope, name),
    UNIQUE (principal, scope, role)
);

-- A live vault has its head among the resources, a deleted one keeps a copy of it in head_copy.
CREATE TABLE vault (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('VAULT', 'MANAGED_HSM')),
    name_key TEXT NOT NULL,
    head_id BIGINT UNIQUE REFERENCES resource (id) ON DELETE RESTRICT,
    head_copy TEXT,
    subscription TEXT NOT NULL,
    tenant TEXT NOT NULL,
    sku TEXT NOT NULL,
    rbac BIGINT NOT NULL,
    purge_protection BIGINT NOT NULL,
    soft_delete_days BIGINT NOT NULL,
    policies TEXT NOT NULL,
    deleted_at BIGINT,
    purge_at BIGINT,
    UNIQUE (kind, name_key),
    CHECK ((head_id IS NULL) = (head_copy IS NOT NULL)),
    CHECK ((head_id IS NULL) = (deleted_at IS NOT NULL)),
    CHECK ((deleted_at IS NULL) = (purge_at IS NULL))
);
CREATE INDEX vault_purge_due ON vault (purge_at) WHERE purge_at IS NOT NULL;

CREATE TABLE vault_key (
    id ${identity},
    vault_id TEXT NOT NULL REFERENCES vault (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    policy_actions TEXT,
    policy_expiry TEXT,
    policy_created_at BIGINT,
    policy_updated_at BIGINT,
    next_rotation BIGINT,
    deleted_at BIGINT,
    purge_at BIGINT,
    UNIQUE (vault_id, name_key),
    CHECK ((policy_actions IS NULL) = (policy_created_at IS NULL)),
    CHECK ((policy_actions IS NULL) = (policy_updated_at IS NULL)),
    CHECK ((deleted_at IS NULL) = (purge_at IS NULL))
);
CREATE INDEX vault_key_rotation_due ON vault_key (next_rotation) WHERE next_rotation IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX vault_key_purge_due ON vault_key (purge_at) WHERE purge_at IS NOT NULL;

-- public_a and public_b: modulus and exponent, or the two coordinates; none of a symmetric key.
CREATE TABLE vault_key_version (
    key_id BIGINT NOT NULL REFERENCES vault_key (id) ON DELETE CASCADE,
    version TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    spec TEXT NOT NULL,
    public_a ${bytes},
    public_b ${bytes},
    backend TEXT NOT NULL,
    handle ${bytes} NOT NULL,
    operations TEXT NOT NULL,
    enabled BIGINT NOT NULL,
    not_before BIGINT,
    expires BIGINT,
    exportable BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    tags TEXT NOT NULL,
    release_type TEXT,
    release_data ${bytes},
    release_immutable BIGINT,
    PRIMARY KEY (key_id, version),
    UNIQUE (key_id, sequence),
    CHECK ((release_type IS NULL) = (release_data IS NULL)),
    CHECK ((release_type IS NULL) = (release_immutable IS NULL))
);
