-- TEST VECTOR, published: the database of a throw-away installation, whose key is in the next line.
-- master.key: 9ee40c134f64c5bcf6cf276c11d1738aab6d803ff0da78452490b4160aa5e49a
-- Made by the program of commit 4c985c7, the last before the store ran on PostgreSQL (schema V26): './keyturn up', then
-- './keyturn demo --client-env data/client.env --vms 3 --keep' on the simulated host, and an orderly stop. Its statements
-- as SQLite tells them (sqlite_schema, then the rows of each table), each with a line that holds a semicolon behind it.
CREATE TABLE "flyway_schema_history" (
    "installed_rank" INT NOT NULL PRIMARY KEY,
    "version" VARCHAR(50),
    "description" VARCHAR(200) NOT NULL,
    "type" VARCHAR(20) NOT NULL,
    "script" VARCHAR(1000) NOT NULL,
    "checksum" INT,
    "installed_by" VARCHAR(100) NOT NULL,
    "installed_on" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    "execution_time" INT NOT NULL,
    "success" BOOLEAN NOT NULL
)
;
CREATE TABLE resource (
    id INTEGER PRIMARY KEY,
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
)
;
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
    lease_until BIGINT, failures BIGINT NOT NULL DEFAULT 0, losses BIGINT NOT NULL DEFAULT 0, canceled BIGINT NOT NULL DEFAULT 0 CHECK (canceled IN (0, 1)), correlation TEXT,
    CHECK ((status = 'IN_PROGRESS') = (ended_at IS NULL)),
    CHECK ((status = 'FAILED') = (error IS NOT NULL))
)
;
CREATE TABLE disk_set (
    id INTEGER PRIMARY KEY REFERENCES resource (id) ON DELETE CASCADE,
    active_key TEXT NOT NULL,
    source_vault TEXT,
    principal TEXT NOT NULL,
    identity_resource TEXT,
    rotation TEXT,
    last_rotated_at BIGINT,
    last_rotation_error TEXT,
    key_lost_at BIGINT
, other_identities TEXT)
;
CREATE TABLE set_key (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    set_id BIGINT REFERENCES disk_set (id) ON DELETE CASCADE,
    key_url TEXT,
    key_ref TEXT,
    wrapped BLOB NOT NULL,
    created_at BIGINT NOT NULL, key_anywhere TEXT,
    UNIQUE (set_id, key_ref),
    UNIQUE (id, set_id),
    CHECK ((set_id IS NULL) = (key_url IS NULL)),
    CHECK ((set_id IS NULL) = (key_ref IS NULL))
)
;
CREATE TABLE vm (
    id INTEGER PRIMARY KEY REFERENCES resource (id) ON DELETE CASCADE,
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
, size TEXT, secure_boot BIGINT NOT NULL DEFAULT 0, name TEXT NOT NULL DEFAULT '')
;
CREATE TABLE disk (
    id INTEGER PRIMARY KEY REFERENCES resource (id) ON DELETE CASCADE,
    arm_key TEXT NOT NULL,
    disk_uuid TEXT NOT NULL UNIQUE,
    os BIGINT NOT NULL,
    size_gb BIGINT NOT NULL,
    set_id BIGINT REFERENCES disk_set (id) ON DELETE RESTRICT,
    host TEXT NOT NULL,
    vm_id BIGINT REFERENCES vm (id) ON DELETE RESTRICT,
    lun BIGINT,
    delete_with_vm BIGINT NOT NULL
, image_file TEXT, image_format TEXT CHECK (image_format IN ('RAW', 'QCOW2')))
;
CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    next BIGINT NOT NULL
)
;
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
, sequence BIGINT NOT NULL DEFAULT 0)
;
CREATE TABLE rotation_failure (
    rotation_id TEXT NOT NULL REFERENCES rotation (id) ON DELETE CASCADE,
    artifact_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (rotation_id, artifact_id)
)
;
CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
)
;
CREATE TABLE signing_key (
    kid TEXT NOT NULL PRIMARY KEY,
    sealed BLOB NOT NULL,
    created_at BIGINT NOT NULL
)
;
CREATE TABLE principal (
    id TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    resource TEXT,
    resource_key TEXT UNIQUE,
    created_at BIGINT NOT NULL,
    CHECK ((resource IS NULL) = (resource_key IS NULL))
)
;
CREATE TABLE client_secret (
    key_id TEXT NOT NULL PRIMARY KEY,
    principal_id TEXT NOT NULL REFERENCES principal (id) ON DELETE CASCADE,
    hash BLOB NOT NULL,
    hint TEXT NOT NULL,
    display_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
)
;
CREATE TABLE role_assignment (
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    principal TEXT NOT NULL,
    description TEXT,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL, holder TEXT NOT NULL DEFAULT 'SERVICE_PRINCIPAL',
    PRIMARY KEY (scope, name),
    UNIQUE (principal, scope, role)
)
;
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
)
;
CREATE TABLE vault_key (
    id INTEGER PRIMARY KEY,
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
)
;
CREATE TABLE vault_key_version (
    key_id BIGINT NOT NULL REFERENCES vault_key (id) ON DELETE CASCADE,
    version TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    spec TEXT NOT NULL,
    public_a BLOB,
    public_b BLOB,
    backend TEXT NOT NULL,
    handle BLOB NOT NULL,
    operations TEXT NOT NULL,
    enabled BIGINT NOT NULL,
    not_before BIGINT,
    expires BIGINT,
    exportable BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    tags TEXT NOT NULL,
    release_type TEXT,
    release_data BLOB,
    release_immutable BIGINT,
    PRIMARY KEY (key_id, version),
    UNIQUE (key_id, sequence),
    CHECK ((release_type IS NULL) = (release_data IS NULL)),
    CHECK ((release_type IS NULL) = (release_immutable IS NULL))
)
;
CREATE TABLE simhost_machine (
    id INTEGER PRIMARY KEY,
    vm_uuid TEXT NOT NULL UNIQUE,
    running BIGINT NOT NULL CHECK (running IN (0, 1))
)
;
CREATE TABLE simhost_fault (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    vm TEXT,
    disk TEXT,
    artifact TEXT,
    host_call TEXT,
    delay_ms BIGINT,
    times BIGINT CHECK (times > 0)
)
;
CREATE TABLE client_certificate (
    key_id TEXT NOT NULL PRIMARY KEY,
    principal_id TEXT NOT NULL REFERENCES principal (id) ON DELETE CASCADE,
    certificate BLOB NOT NULL,
    display_name TEXT NOT NULL,
    created_at BIGINT NOT NULL
)
;
CREATE TABLE image (
    id INTEGER PRIMARY KEY REFERENCES resource (id) ON DELETE CASCADE,
    image_file TEXT NOT NULL,
    image_format TEXT NOT NULL CHECK (image_format IN ('RAW', 'QCOW2')),
    os_type TEXT NOT NULL CHECK (os_type IN ('LINUX', 'WINDOWS')),
    size_gb BIGINT NOT NULL
)
;
CREATE TABLE operation_try (
    operation_id TEXT NOT NULL REFERENCES operation (id) ON DELETE CASCADE,
    target_key TEXT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (operation_id, target_key)
)
;
CREATE TABLE key_loss (
    set_id INTEGER PRIMARY KEY REFERENCES disk_set (id) ON DELETE CASCADE,
    seen_at BIGINT NOT NULL
)
;
CREATE TABLE simhost_fence (
    subject TEXT NOT NULL PRIMARY KEY,
    fence BIGINT NOT NULL
)
;
CREATE TABLE audit (
    node TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    at BIGINT NOT NULL,
    door TEXT NOT NULL,
    caller TEXT NOT NULL,
    caller_name TEXT NOT NULL,
    action TEXT NOT NULL,
    scope TEXT NOT NULL,
    target TEXT,
    outcome TEXT NOT NULL,
    code TEXT,
    correlation TEXT NOT NULL,
    client_request TEXT,
    operation TEXT,
    hash TEXT NOT NULL,
    PRIMARY KEY (node, sequence)
)
;
CREATE TABLE audit_checkpoint (
    node TEXT NOT NULL,
    number BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    at BIGINT NOT NULL,
    hash TEXT NOT NULL,
    before TEXT NOT NULL,
    key_id TEXT NOT NULL,
    signature BLOB NOT NULL,
    -- Retention has removed the records up to this one.
    cut BIGINT NOT NULL DEFAULT 0 CHECK (cut IN (0, 1)),
    PRIMARY KEY (node, number)
)
;
CREATE TABLE "artifact" (
    id INTEGER PRIMARY KEY,
    kind BIGINT NOT NULL,
    owner_id BIGINT NOT NULL UNIQUE REFERENCES resource (id) ON DELETE RESTRICT,
    set_id BIGINT,
    host TEXT NOT NULL,
    set_key_id BIGINT NOT NULL REFERENCES set_key (id) ON DELETE RESTRICT,
    nonce BLOB NOT NULL,
    sealed BLOB NOT NULL,
    chk BLOB NOT NULL,
    revision BIGINT NOT NULL CHECK (revision > 0),
    FOREIGN KEY (set_key_id, set_id) REFERENCES set_key (id, set_id) ON DELETE RESTRICT
)
;
CREATE TABLE "condemned_image" (
    artifact INTEGER PRIMARY KEY,
    kind BIGINT NOT NULL,
    host TEXT NOT NULL,
    vm_uuid TEXT,
    disk_uuid TEXT
)
;
CREATE TABLE "simhost_image" (
    artifact INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    machine BIGINT REFERENCES simhost_machine (id) ON DELETE RESTRICT,
    sealed BLOB NOT NULL,
    bytes BIGINT CHECK (bytes >= 0)
)
;
CREATE TABLE person (
    id TEXT NOT NULL PRIMARY KEY,
    name_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    -- Argon2id with salt and parameters; NULL until there is one.
    password TEXT,
    must_change BIGINT NOT NULL DEFAULT 0 CHECK (must_change IN (0, 1)),
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
, passkey_required BIGINT NOT NULL DEFAULT 0 CHECK (passkey_required IN (0, 1)))
;
CREATE TABLE person_link (
    hash TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL UNIQUE REFERENCES person (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
)
;
CREATE TABLE person_session (
    hash TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    how TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    address TEXT NOT NULL
)
;
CREATE TABLE person_passkey (
    id TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    public_key BLOB NOT NULL,
    sign_count BIGINT NOT NULL,
    can_be_backed_up BIGINT NOT NULL CHECK (can_be_backed_up IN (0, 1)),
    backed_up BIGINT NOT NULL CHECK (backed_up IN (0, 1)),
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    -- as the browser says them, with commas between
    transports TEXT NOT NULL
)
;
CREATE TABLE passkey_challenge (
    id TEXT NOT NULL PRIMARY KEY,
    over BIGINT NOT NULL
)
;
CREATE TABLE person_group (
    id TEXT NOT NULL PRIMARY KEY,
    name_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
)
;
CREATE TABLE person_group_member (
    person_group TEXT NOT NULL REFERENCES person_group (id) ON DELETE CASCADE,
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    added_at BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    PRIMARY KEY (person_group, person)
)
;
CREATE TABLE device_code (
    hash TEXT NOT NULL PRIMARY KEY,
    user_code TEXT NOT NULL UNIQUE,
    client TEXT NOT NULL,
    audience TEXT NOT NULL,
    scope TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    person TEXT REFERENCES person (id) ON DELETE CASCADE
)
;
CREATE TABLE authorization_code (
    hash TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    client TEXT NOT NULL,
    audience TEXT NOT NULL,
    scope TEXT NOT NULL,
    redirect TEXT NOT NULL,
    challenge TEXT NOT NULL,
    nonce TEXT,
    authenticated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    sign_in TEXT
)
;
CREATE TABLE client_sign_in (
    id TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    client TEXT NOT NULL,
    token TEXT NOT NULL,
    token_before TEXT,
    salt TEXT,
    created_at BIGINT NOT NULL,
    renewed_at BIGINT NOT NULL,
    address TEXT NOT NULL
)
;
INSERT INTO "flyway_schema_history" (installed_rank, version, description, type, script, checksum, installed_by, installed_on, execution_time, success) VALUES
(1, '1', 'keyturn', 'SQL', 'V1__keyturn.sql', 1140654042, '', '2026-11-27 00:00:21.843', 14, 1),
(2, '2', 'simulated host', 'SQL', 'V2__simulated_host.sql', -156643116, '', '2026-11-27 00:00:21.869', 0, 1),
(3, '3', 'client certificates', 'SQL', 'V3__client_certificates.sql', 1673229052, '', '2026-11-27 00:00:21.884', 0, 1),
(4, '4', 'disk source', 'SQL', 'V4__disk_source.sql', 807106731, '', '2026-11-27 00:00:21.896', 1, 1),
(5, '5', 'vm hardware', 'SQL', 'V5__vm_hardware.sql', -696534157, '', '2026-11-27 00:00:21.914', 2, 1),
(6, '6', 'image', 'SQL', 'V6__image.sql', -138092425, '', '2026-11-27 00:00:21.916', 0, 1),
(7, '7', 'set identities', 'SQL', 'V7__set_identities.sql', 1976586570, '', '2026-11-27 00:00:21.929', 1, 1),
(8, '9', 'order without clocks', 'SQL', 'V9__order_without_clocks.sql', 500753663, '', '2026-11-27 00:00:21.942', 1, 1),
(9, '10', 'key loss', 'SQL', 'V10__key_loss.sql', 2084505071, '', '2026-11-27 00:00:21.955', 0, 1),
(10, '11', 'fences', 'SQL', 'V11__fences.sql', -1735771953, '', '2026-11-27 00:00:21.968', 1, 1),
(11, '12', 'condemned image', 'SQL', 'V12__condemned_image.sql', 265356524, '', '2026-11-27 00:00:21.977', 0, 1),
(12, '15', 'simulated image size', 'SQL', 'V15__simulated_image_size.sql', 1458910602, '', '2026-11-27 00:00:21.990', 5, 1),
(13, '16', 'canceled', 'SQL', 'V16__canceled.sql', -300878641, '', '2026-11-27 00:00:22.000', 0, 1),
(14, '17', 'audit', 'SQL', 'V17__audit.sql', -208697776, '', '2026-11-27 00:00:22.018', 5, 1),
(15, '18', 'artifact owner', 'SQL', 'V18__artifact_owner.sql', 1200935457, '', '2026-11-27 00:00:22.043', 7, 1),
(16, '19', 'simulated image kind', 'SQL', 'V19__simulated_image_kind.sql', 1157530363, '', '2026-11-27 00:00:22.060', 1, 1),
(17, '20', 'operation correlation', 'SQL', 'V20__operation_correlation.sql', -1475717835, '', '2026-11-27 00:00:22.077', 4, 1),
(18, '21', 'people', 'SQL', 'V21__people.sql', -662458437, '', '2026-11-27 00:00:22.094', 5, 1),
(19, '22', 'vm lists', 'SQL', 'V22__vm_lists.sql', -870273512, '', '2026-11-27 00:00:22.110', 6, 1),
(20, '24', 'passkeys', 'SQL', 'V24__passkeys.sql', -1144208720, '', '2026-11-27 00:00:22.125', 1, 1),
(21, '25', 'person groups', 'SQL', 'V25__person_groups.sql', 146719819, '', '2026-11-27 00:00:22.136', 0, 1),
(22, '26', 'clients of people', 'SQL', 'V26__clients_of_people.sql', -527430698, '', '2026-11-27 00:00:22.148', 1, 1)
;
INSERT INTO "resource" (id, arm_key, display, type, location, tags, document, state, revision, created_at, changed_at) VALUES
(1, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331', 'microsoft.resources/resourcegroups', 'westeurope', '{}', '{}', 'SUCCEEDED', 1, 1795737629360, 1795737629360),
(2, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.KeyVault/vaults/kt-demo-92331', 'microsoft.keyvault/vaults', 'westeurope', '{}', '{"properties":{}}', 'SUCCEEDED', 1, 1795737629000, 1795737629000),
(3, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/diskencryptionsets/fleet-set', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/diskEncryptionSets/fleet-set', 'microsoft.compute/diskencryptionsets', 'westeurope', '{}', '{"properties":{}}', 'SUCCEEDED', 5, 1795737630936, 1795737634396),
(4, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-01', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/virtualMachines/cvm-01', 'microsoft.compute/virtualmachines', 'westeurope', '{}', '{"properties":{"hardwareProfile":{"vmSize":"Standard_DC2as_v5"},"securityProfile":{"securityType":"ConfidentialVM","uefiSettings":{"secureBootEnabled":true,"vTpmEnabled":true}},"storageProfile":{"imageReference":{"publisher":"Canonical","offer":"0001-com-ubuntu-confidential-vm-jammy","sku":"22_04-lts-cvm","version":"latest"},"osDisk":{"name":"cvm-01-os","createOption":"FromImage","osType":"Linux","managedDisk":{"securityProfile":{"securityEncryptionType":"DiskWithVMGuestState","diskEncryptionSet":{"id":"/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/diskEncryptionSets/fleet-set"}}}},"dataDisks":[{"lun":0,"name":"cvm-01-data","createOption":"Empty","diskSizeGB":32,"managedDisk":{"diskEncryptionSet":{"id":"/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/diskEncryptionSets/fleet-set"}}}]},"osProfile":{"computerName":"cvm-01","adminUsername":"keyturn"}}}', 'SUCCEEDED', 6, 1795737631300, 1795737634983),
(5, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/disks/cvm-01-os', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/disks/cvm-01-os', 'microsoft.compute/disks', 'westeurope', '{}', '{}', 'SUCCEEDED', 2, 1795737631307, 1795737631615),
(6, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/disks/cvm-01-data', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/disks/cvm-01-data', 'microsoft.compute/disks', 'westeurope', '{}', '{}', 'SUCCEEDED', 2, 1795737631309, 1795737631616),
(7, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-02', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/virtualMachines/cvm-02', 'microsoft.compute/virtualmachines', 'westeurope', '{}', '{"properties":{"hardwareProfile":{"vmSize":"Standard_DC2as_v5"},"securityProfile":{"securityType":"ConfidentialVM","uefiSettings":{"secureBootEnabled":true,"vTpmEnabled":true}},"storageProfile":{"imageReference":{"publisher":"Canonical","offer":"0001-com-ubuntu-confidential-vm-jammy","sku":"22_04-lts-cvm","version":"latest"},"osDisk":{"name":"cvm-02-os","createOption":"FromImage","osType":"Linux","managedDisk":{"securityProfile":{"securityEncryptionType":"DiskWithVMGuestState","diskEncryptionSet":{"id":"/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/diskEncryptionSets/fleet-set"}}}},"dataDisks":[{"lun":0,"name":"cvm-02-data","createOption":"Empty","diskSizeGB":32,"managedDisk":{"diskEncryptionSet":{"id":"/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/diskEncryptionSets/fleet-set"}}}]},"osProfile":{"computerName":"cvm-02","adminUsername":"keyturn"}}}', 'SUCCEEDED', 6, 1795737631790, 1795737635182),
(8, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/disks/cvm-02-os', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/disks/cvm-02-os', 'microsoft.compute/disks', 'westeurope', '{}', '{}', 'SUCCEEDED', 2, 1795737631790, 1795737631841),
(9, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/disks/cvm-02-data', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/disks/cvm-02-data', 'microsoft.compute/disks', 'westeurope', '{}', '{}', 'SUCCEEDED', 2, 1795737631791, 1795737631841),
(10, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-03', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/virtualMachines/cvm-03', 'microsoft.compute/virtualmachines', 'westeurope', '{}', '{"properties":{"hardwareProfile":{"vmSize":"Standard_DC2as_v5"},"securityProfile":{"securityType":"ConfidentialVM","uefiSettings":{"secureBootEnabled":true,"vTpmEnabled":true}},"storageProfile":{"imageReference":{"publisher":"Canonical","offer":"0001-com-ubuntu-confidential-vm-jammy","sku":"22_04-lts-cvm","version":"latest"},"osDisk":{"name":"cvm-03-os","createOption":"FromImage","osType":"Linux","managedDisk":{"securityProfile":{"securityEncryptionType":"DiskWithVMGuestState","diskEncryptionSet":{"id":"/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/diskEncryptionSets/fleet-set"}}}},"dataDisks":[{"lun":0,"name":"cvm-03-data","createOption":"Empty","diskSizeGB":32,"managedDisk":{"diskEncryptionSet":{"id":"/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/diskEncryptionSets/fleet-set"}}}]},"osProfile":{"computerName":"cvm-03","adminUsername":"keyturn"}}}', 'SUCCEEDED', 6, 1795737631950, 1795737635406),
(11, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/disks/cvm-03-os', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/disks/cvm-03-os', 'microsoft.compute/disks', 'westeurope', '{}', '{}', 'SUCCEEDED', 2, 1795737631950, 1795737632009),
(12, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/disks/cvm-03-data', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/disks/cvm-03-data', 'microsoft.compute/disks', 'westeurope', '{}', '{}', 'SUCCEEDED', 2, 1795737631950, 1795737632009)
;
INSERT INTO "operation" (id, kind, target, target_key, arguments, requested_by, status, started_at, ended_at, error, percent_complete, attempts, fence, owner, lease_until, failures, losses, canceled, correlation) VALUES
('9bd552ae-1bbd-4ba1-a45f-42bd86a656f3', 'CREATE_DISK_SET', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/diskEncryptionSets/fleet-set', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/diskencryptionsets/fleet-set', '{}', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'SUCCEEDED', 1795737630938, 1795737630938, NULL, NULL, 0, 0, NULL, NULL, 0, 0, 0, '9164f563-6b4a-45df-953c-b6093c648463'),
('357f6d83-7c3d-4248-bd25-29d090995f00', 'CREATE_VM', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/virtualMachines/cvm-01', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-01', '{"attach":""}', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'SUCCEEDED', 1795737631313, 1795737631650, NULL, NULL, 1, 1, NULL, NULL, 0, 0, 0, 'c6cd62ea-9b2b-47ee-a349-6d1a47c999ed'),
('ee9b8152-66af-4d1b-b142-7c02fd43ea37', 'CREATE_VM', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/virtualMachines/cvm-02', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-02', '{"attach":""}', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'SUCCEEDED', 1795737631791, 1795737631882, NULL, NULL, 1, 2, NULL, NULL, 0, 0, 0, '39af939d-3045-4c92-ad8e-c4586f82441f'),
('8183b47b-2df7-44e7-b088-109b2a8ddb90', 'CREATE_VM', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/virtualMachines/cvm-03', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-03', '{"attach":""}', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'SUCCEEDED', 1795737631951, 1795737632052, NULL, NULL, 1, 3, NULL, NULL, 0, 0, 0, '537ebea9-f109-490f-93b5-60b1f374680e'),
('62619526-f395-4436-96e1-ec67ad9f1227', 'DEALLOCATE_VM', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/virtualMachines/cvm-01', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-01', '{"skipShutdown":"false"}', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'SUCCEEDED', 1795737632540, 1795737632576, NULL, NULL, 1, 4, NULL, NULL, 0, 0, 0, 'a1ef2975-0f95-4651-8b22-fb99690e49a5'),
('f693de50-fae6-4b18-903b-fab3a1affc4e', 'DEALLOCATE_VM', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/virtualMachines/cvm-02', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-02', '{"skipShutdown":"false"}', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'SUCCEEDED', 1795737632706, 1795737632742, NULL, NULL, 1, 5, NULL, NULL, 0, 0, 0, 'b8361fb5-8dc0-4a13-ab76-945bc6823525'),
('693900e4-c6e6-49a4-b744-6309c31d12c4', 'DEALLOCATE_VM', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/virtualMachines/cvm-03', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-03', '{"skipShutdown":"false"}', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'SUCCEEDED', 1795737633323, 1795737633422, NULL, NULL, 1, 6, NULL, NULL, 0, 0, 0, '62702557-65e9-41fd-ac81-b18e87eca38f'),
('69ad26ef-b446-49fc-b818-3586de504595', 'ROTATE_DISK_SET', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/diskEncryptionSets/fleet-set', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/diskencryptionsets/fleet-set', '{}', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'FAILED', 1795737633622, 1795737633867, '{"code":"KeyRotationIncomplete","message":"1 artifact of disk encryption set ''fleet-set'' could not be updated. The set still references key ''https://kt-demo-92331.vault.keyturn.localhost:37353/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb''; 8 artifacts are under the new key. Save the same new key again to finish.","details":[{"code":"HostRefusedUpdate","message":"VM ''cvm-02'': OS disk ''cvm-02-os'' keeps its old key: The host cannot update it (fault ''demo-os-disk'').","target":"/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/virtualMachines/cvm-02"}]}', 99, 1, 7, NULL, NULL, 0, 0, 0, '110e21f9-31e7-40aa-8797-60f8cd18f7ea'),
('d8586d1e-033a-4c47-a678-d4ebdcdc891d', 'ROTATE_DISK_SET', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/diskEncryptionSets/fleet-set', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/diskencryptionsets/fleet-set', '{}', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'SUCCEEDED', 1795737634285, 1795737634397, NULL, 99, 1, 8, NULL, NULL, 0, 0, 0, '3de0b3f7-1742-4383-b399-5c42770fc2ae'),
('898921eb-fa04-4117-bfac-b8cb4e015b0e', 'VERIFY_DISK_SET', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/diskEncryptionSets/fleet-set', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/diskencryptionsets/fleet-set', '{}', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'SUCCEEDED', 1795737634610, 1795737634699, NULL, NULL, 1, 9, NULL, NULL, 0, 0, 0, '22f229fe-725f-417e-83dd-3f9b5d61d273'),
('041b33d0-b703-4b6a-a548-60992de175cb', 'START_VM', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/virtualMachines/cvm-01', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-01', '{}', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'SUCCEEDED', 1795737634892, 1795737634983, NULL, NULL, 1, 10, NULL, NULL, 0, 0, 0, '0e8fc9e1-aa45-4508-8143-bc3385e9adc0'),
('11e2103b-6b7d-40b7-96cb-1cb756970209', 'START_VM', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/virtualMachines/cvm-02', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-02', '{}', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'SUCCEEDED', 1795737635063, 1795737635182, NULL, NULL, 1, 11, NULL, NULL, 0, 0, 0, '2239107d-45ee-4e09-aecc-51bbf4a93ce0'),
('d265d788-9ccb-451e-a5c2-773673bb27b7', 'START_VM', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/virtualMachines/cvm-03', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-03', '{}', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'SUCCEEDED', 1795737635281, 1795737635406, NULL, NULL, 1, 12, NULL, NULL, 0, 0, 0, '2d1b9dcd-41f1-4111-8aab-bead7506a0f2')
;
INSERT INTO "disk_set" (id, active_key, source_vault, principal, identity_resource, rotation, last_rotated_at, last_rotation_error, key_lost_at, other_identities) VALUES
(3, 'https://kt-demo-92331.vault.keyturn.localhost:37353/keys/fleet-key/2f5c52e127783e1e146581c0855fbc2f', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.KeyVault/vaults/kt-demo-92331', '73712249-a592-4ee1-8bf5-22bba9aa6526', NULL, NULL, 1795737634396, NULL, NULL, NULL)
;
INSERT INTO "set_key" (id, uuid, set_id, key_url, key_ref, wrapped, created_at, key_anywhere) VALUES
(2, '9adbd471-7931-4aa5-8c64-4fbd7065f14c', 3, 'https://kt-demo-92331.vault.keyturn.localhost:37353/keys/fleet-key/2f5c52e127783e1e146581c0855fbc2f', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/2f5c52e127783e1e146581c0855fbc2f', X'3eee1573fcf1db120e8f0ba05147f0b75e41f1426be31a0454fb6c8ef6ceeb4e43a0fe32dfa843465afb4b0c4f325e28105e95099abb72fcdbda25010de39ac2e61dad15d8181a14ce3660ae7b2772f851f6dc7eeef2d4f721d7ef8aa8c5b594c60a8ba35a4d5c7ca4514ab5e4332901865e53375ba8e3b685807d9e1f79b7f92b02d2657c866dd7fa6ca8e9e86209c2ad27031489164b310cc7b4cb3ffa87eac038c7b8cf3da4a195ab7d5e75cb32c6b9495f2b4a1af7411463ed81e9a578a73c7d93ce56c036f81dcf5d35d342b8d0b06327157821a63a551e503a00ea50f4b5b0d7dbbb6ed11215664898d6dd793f79bcbd898e310e47607f243e8e3d6b3c874760435afd68504b582f037bbcd1f23a341c2713863a3136f8f4b1d74db1f948b0c8149499906e76c1f1ff1af089f11ab50e92634977fd87b3ac1259d6fcf1499866926edf6d0d2f50d56b7753e9d8e571beef6e93284953133e125f6452cdaecffd279d652ce3dbf0b700398dbe1e648944d640f7b5b3c832ac96d3699a72', 1795737633692, 'https://kt-demo-92331.vault./keys/fleet-key/2f5c52e127783e1e146581c0855fbc2f')
;
INSERT INTO "vm" (id, arm_key, vm_uuid, encryption, set_id, host, ephemeral, power, power_since, fault, size, secure_boot, name) VALUES
(4, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-01', 'a48684fa-c6e6-4121-9b07-ad7b7b9c7051', 'DISK_WITH_VM_GUEST_STATE', 3, 'simulated', 0, 'RUNNING', 1795737634983, NULL, 'Standard_DC2as_v5', 1, 'cvm-01'),
(7, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-02', '78ee3b44-ddd8-40c7-9b40-620235fbe444', 'DISK_WITH_VM_GUEST_STATE', 3, 'simulated', 0, 'RUNNING', 1795737635182, NULL, 'Standard_DC2as_v5', 1, 'cvm-02'),
(10, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-03', 'e76afe49-051e-49fa-bd9c-3ce7eb834329', 'DISK_WITH_VM_GUEST_STATE', 3, 'simulated', 0, 'RUNNING', 1795737635406, NULL, 'Standard_DC2as_v5', 1, 'cvm-03')
;
INSERT INTO "disk" (id, arm_key, disk_uuid, os, size_gb, set_id, host, vm_id, lun, delete_with_vm, image_file, image_format) VALUES
(5, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/disks/cvm-01-os', 'b16b0bd8-47ac-444e-b173-f75a67a73fed', 1, 30, 3, 'simulated', 4, NULL, 0, NULL, NULL),
(6, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/disks/cvm-01-data', 'b28478fb-f517-4f1d-8acf-3c3dec3cfb3a', 0, 32, 3, 'simulated', 4, 0, 0, NULL, NULL),
(8, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/disks/cvm-02-os', '600dc598-4df0-4a9b-af99-1d10673bce5f', 1, 30, 3, 'simulated', 7, NULL, 0, NULL, NULL),
(9, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/disks/cvm-02-data', '94672665-2899-4f5a-9778-2e4b0adc23bb', 0, 32, 3, 'simulated', 7, 0, 0, NULL, NULL),
(11, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/disks/cvm-03-os', 'e190c76b-8661-4f74-b63e-bdc03cb4b353', 1, 30, 3, 'simulated', 10, NULL, 0, NULL, NULL),
(12, '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/disks/cvm-03-data', 'ebce08ea-cec4-4e3c-a7f1-deb522013ac6', 0, 32, 3, 'simulated', 10, 0, 0, NULL, NULL)
;
INSERT INTO "counter" (name, next) VALUES
('artifact', 10),
('fence', 13)
;
INSERT INTO "rotation" (id, set_display, set_ref, from_key, to_key, to_vault, deep, requested_by, target_key, after_artifact, total, rewrapped, failed, started_at, ended_at, sequence) VALUES
('69ad26ef-b446-49fc-b818-3586de504595', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/diskEncryptionSets/fleet-set', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/diskencryptionsets/fleet-set', 'https://kt-demo-92331.vault.keyturn.localhost:37353/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'https://kt-demo-92331.vault.keyturn.localhost:37353/keys/fleet-key/2f5c52e127783e1e146581c0855fbc2f', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.KeyVault/vaults/kt-demo-92331', 0, '96b7ffaa-c132-4028-b518-da1e7f3efc3f', NULL, 9, 9, 8, 1, 1795737633611, 1795737633850, 1),
('d8586d1e-033a-4c47-a678-d4ebdcdc891d', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/diskEncryptionSets/fleet-set', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/diskencryptionsets/fleet-set', 'https://kt-demo-92331.vault.keyturn.localhost:37353/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'https://kt-demo-92331.vault.keyturn.localhost:37353/keys/fleet-key/2f5c52e127783e1e146581c0855fbc2f', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.KeyVault/vaults/kt-demo-92331', 0, '96b7ffaa-c132-4028-b518-da1e7f3efc3f', '9adbd471-7931-4aa5-8c64-4fbd7065f14c', 5, 1, 1, 0, 1795737634285, 1795737634396, 2)
;
INSERT INTO "rotation_failure" (rotation_id, artifact_id, reason) VALUES
('69ad26ef-b446-49fc-b818-3586de504595', 5, '{"code":"HostRefusedUpdate","message":"VM ''cvm-02'': OS disk ''cvm-02-os'' keeps its old key: The host cannot update it (fault ''demo-os-disk'').","target":"/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/virtualMachines/cvm-02"}')
;
INSERT INTO "setting" (name, value) VALUES
('master-key-fingerprint', '10253e71691d7cbefeec744399e2aa1b'),
('installation', '2e420740-0b3e-4405-8dc7-87967aab93aa'),
('installation-mark', '2'),
('seen-time', '2026-11-27T00:00:22.313585471Z|2026-11-27T00:00:22.313939477Z|PT19H58M52.7S|540b8898-d761-41fc-a4a9-aff2cf7dab2a'),
('domain', 'keyturn.localhost'),
('tenant', '5371d8d2-7701-4f64-b37a-4a07c4553f59'),
('subscription', 'b119caac-0cba-4218-a7db-c2af2a66a819'),
('administrator', 'c4511921-19a2-41da-92b3-49764b406b01'),
('console-link-key', 'AZSt8Vb7WZKSwsRBJa4VaeyDOZvk3dtrc+0q1qgBLaHIVvMtR5Uii6A91zs8cwRyLnXpzFVfhgj3Pfsmzg=='),
('passkey-challenge-key', 'AW3phPXNzgEySvZYA66+yadE97p+MaRMHZsXVIoPjfLWlRQNSuqxHEMJ4NpG1SVARJ1CHYfya5aZok1qWA=='),
('first-person', 'admin'),
('audit-checkpoint-key', 'AQtM4tj03iSbbKoll2fyFXNn/oUKtBOuJyjfbFDYQ9knv5akn7gXwVh+YuGyUC6m6q8GOrkEAv22bd5zKzRfPQSeRBQA8MKKG+zj5M0='),
('audit-checkpoint-public-key', 'MCowBQYDK2VwAyEA4Yjdsb3tSKcJpRxo24oe3VP50oVIzRgt8DGZp9MJgSY='),
('audit-last-checkpoints', 'AddbgrVF7h3pPayrjibOmpQCAMN11E+5QBhlXxu2bSHnbEM1bMfzPZKjKvcc0zGT77itIUDWJsQZeunaSf1iuJGYmUVtwBAIgK3HxnNk4D7If+yg1v+rp66a+kWCcn/7TB/s/mhJsw==')
;
INSERT INTO "signing_key" (kid, sealed, created_at) VALUES
('UT2rPUvCZiwb-gju_M91swDGDLQH_EJoRUhFqO0T2CQ', X'01a933fb44529b583ff8bcafd3636dffdb75850792bd68129145535e6cedd7812c622f442226f3591f551b19180049312a587fa8efa7f43b37ff96d890e072f23dc860d5678e7ad113e04042cc73096ffb053fc9c7334dd717eecd03e6e2f88391519e6776b75661c77e1eb4886f3e5a54e2439d357f3c8f610012e3cf221b93d64c799e87a31756680b1c5f2533b282253688c9bf743df937ba2c8e2d21c25c87c3141ecc6782d7722a5a8595870ab420ac16c614ba75ae0165a20f321c99ed4d54d956636cd5c3b158fbff1c656a608c7e36d5256ed371cfa9b7a82241275ee830a8c02da39d24e8ef7522994757b9ddb5d3f50af71432a668996bd1cd73e2ddee74937fc3aafa3602d5919cccadcc5f5c2b66892341466c79b588723c8b1fe9160919ad0ebd44aae1ea958b51d220afc01700d8c61415f3ff9441630f2a22fb51470e32657e670cc85cc1614e85758b5bb2b03e0ebcbc22472ce851dab26d9341d034b9998626a6c32a914aa56fa0a11fce2ea2151b0fd25bc987ad5b56515337ba3902aa572d5f40251ddb6cf4e3efe65a913405c245da2c5cd726e56d87180cafff327d2fdf05a620f1ac86edc42d428bdd596c49ba77dea97be4f390635652876920fff20d7b99fa811499ea845dff6b5a99de7ed9a7d98128c0c91ae03a57dfaedd2068a8bcaa054216102859e06ec35bc33a34cdb829c6bcfed799fd4c165aa256b27d563cbb50d95a1537724b6c964dbe57a8dc75fcd2f4fd1e98c411aa3ce0c8c0464820d6a6273712ab56a2358a31a198a083b83fe73b935cd135e7e4e0ff5ab252202ee13347e6db5e52531f844eb79c8cd23361c5b6df10bf7f54c2dda47295ee641cccc45171a8b29a391c0188b069b3e636d27bc0997627ff1b0cb8fe835b0c2baec96e7d009c68b4c1e65ef2de89798a0fc93fed938628e0a5284a4c2cbe4c9900ff13ddd68e53f32aba5250f2dc058580328c108190d22b6e1cac65528c9c0ccbf8321c63095d0a90f2c47a554ecdc97dac9a57c669218c8f73fc54808aefa97847490f9718b299e2d875712dc31c477ab0f9985fe06e8fe93013679d5f978d09b2dea639aabbc6f3cc718a3d7b7f3a02c69aaa12383aea4a7e6838b545a1a33e004fccc09d63aad5e057d6e1889e64b3e65525c41f6881e060b823ed3d5cd6c4b76e9dec85e02240d01ef83f1c19139885ca6863a0a64dff0d8a4541571f32a129f17244dfeb0254628c7410380a22129075f6e512bb330620b9b829fb72ff7a9d270e9788e8f881df2731c9de66efda2321bb1fc818944a4c50c5528ec9267fe03f74ef07cee68d179b6153e3e2d8b47e537c3d9dd6194b24d385f6a578004007be744e52a6d4d34503949582673ecfd570621b84974e616037551a262fcdd8009dcfbf07995074faebbbbccd941a9a7a84de0b348ca3944c48bebc1908464107289e6c396ddad289d39e11e828beaca40a2ceeb67c97a06461b44245c08715d8669027a71148feae6fa36fcb241ec7e6e531a3c3344b1574d5eb352e63b3722a80e84ac41f660fbc5cda5f34d141fd87b830f55b2a1d54413ba5680c8c651a4091400f21019f7a4810c3c1e6e9137f8a3fe62d47c7deab3d2880d31eb671c7c25571a1aa39522ff4e5b7a439a3c7284adc3b6d4c3f6ae6e8f2b80af2be56ce2f3d752a5c73af668261e421b9a99c292ebfd3dbe7ee6e101ffaa31c07495e12f1375473006397c554d9f1078a2c50c714945b1b44', 1795737624878)
;
INSERT INTO "principal" (id, app_id, display_name, resource, resource_key, created_at) VALUES
('c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'administrator', NULL, NULL, 1795737623698),
('73712249-a592-4ee1-8bf5-22bba9aa6526', '91378959-d9a1-4cc1-a9e6-dedf6fc13c80', 'fleet-set', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourceGroups/keyturn-demo-92331/providers/Microsoft.Compute/diskEncryptionSets/fleet-set', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/diskencryptionsets/fleet-set', 1795737630934)
;
INSERT INTO "client_secret" (key_id, principal_id, hash, hint, display_name, created_at, expires_at) VALUES
('ba2103a9-d13b-4344-a01d-3e3e9b2552d8', 'c4511921-19a2-41da-92b3-49764b406b01', X'35632fbc56c860df6b36a7ce83b6f893d0071f7b49d5a2e44bc90affa9113c09', 'JoX', 'client.env', 1795737625025, NULL)
;
INSERT INTO "role_assignment" (scope, name, role, principal, description, created_at, created_by, holder) VALUES
('/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819', '045dba6a-1029-4f34-b1a1-415e4d9384df', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', 'c4511921-19a2-41da-92b3-49764b406b01', 'The first administrator owns the subscription.', 1795737623700, 'first start', 'SERVICE_PRINCIPAL'),
('/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819', '8fc8f3e8-8546-46f5-98a7-f66cd6e619bd', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', '0a7dfc7e-180c-4b5f-ba79-aa07ffd4f726', 'The first person owns the subscription.', 1795737625498, 'first start', 'USER'),
('/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331', 'a232ac81-c810-3a85-abda-7f1c27b29479', '14b46e9e-c2b7-41b4-b07b-48a6ebf60603', 'c4511921-19a2-41da-92b3-49764b406b01', NULL, 1795737629599, '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'SERVICE_PRINCIPAL'),
('/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331', 'cfa93c1a-be1f-3405-bd8b-702b824d6c49', 'e147488a-f6f5-4113-8e2d-b22465e65bf6', '73712249-a592-4ee1-8bf5-22bba9aa6526', NULL, 1795737631147, '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'SERVICE_PRINCIPAL')
;
INSERT INTO "vault" (id, kind, name_key, head_id, head_copy, subscription, tenant, sku, rbac, purge_protection, soft_delete_days, policies, deleted_at, purge_at) VALUES
('ae312cae-6390-46c9-94a3-6cbd54b77c37', 'VAULT', 'kt-demo-92331', 2, NULL, 'b119caac-0cba-4218-a7db-c2af2a66a819', '5371d8d2-7701-4f64-b37a-4a07c4553f59', 'premium', 1, 1, 7, '{"policies":[]}', NULL, NULL)
;
INSERT INTO "vault_key" (id, vault_id, name, name_key, created_at, policy_actions, policy_expiry, policy_created_at, policy_updated_at, next_rotation, deleted_at, purge_at) VALUES
(1, 'ae312cae-6390-46c9-94a3-6cbd54b77c37', 'fleet-key', 'fleet-key', 1795737629000, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
;
INSERT INTO "vault_key_version" (key_id, version, sequence, spec, public_a, public_b, backend, handle, operations, enabled, not_before, expires, exportable, created_at, updated_at, tags, release_type, release_data, release_immutable) VALUES
(1, '78d722fd349aec9514cc1dc63f79bedb', 1, 'RSA-HSM/3072', X'b3396466cc4373d87b399bcec944751391b42cc6c31eb792bc0753d7ac8547aaad1dc57f7227657d7b685b4fb33ef9065dc9a7b8000cdfac8f2b5c7ff4c9be900455a6457b47d782bb4f3222165d655f6be50bce29ec842054049bd5e55cb37f88f45fd81144679e51217a4f1ee42086c9d149251b26edd73b8991442bd068a1f531ab3f7704f96ecd42cefd4d6cdbe42e4a3fec3cf30bbd0d06830742544acc153f64b19d1546fa24d5886c78aec9f25c61babd46de4d8fb0a1629ecf5ef83085aa0a82cbefcdb57b5b51524ba29ca6648f19c98421e2e6b8cd8d80c47eb55e2c6c04ba50f40764a81c593f38078c39e65dfa82aef83834e22e5d688c8e1469a60b1d4bbf65b7b87b06413b32bbe82c46b386238419c227ea36cb56b82413fd7d702904f8c13f01a1b28e31bcad7298f28cb621c7e451152344f9ca0b69ebfbcdf4fcbabb711cb88608e1b750bd0eba42cb15fe1b8f034e27264a6c70afaecaa9d50405797f633a39fa8edd642cf8849f926683c84d74cde5710dba1540aee7', X'010001', 'software', X'01a75e5b85fdc3b9fce3431038f7789f76165504eca10f9d57fb5e091cea360463421e44f71814b1aceeec39e39ceaa465432a9d825e1280ff8a47a13f08f2f632e23c090e224299ad834df5239ee962b0a67fd7c77051ba3ad6203db1a23172ebe27d99c3c6ed7b8c12adeadcd3c660901e446cb49d31aae22847aa56ba399eed1e7b33aa4b54640117d0a84bedcd3f4ccfa124e2a876757650703fb21153f1c7d58446436da18b099c15ce9f2a386e6a212fe12743db83e12377c374175ce6ebd2add8467be420aec8b3cb43f0e4aad735de48a3864ac8691045ba968cc7d33d8067068cda564a81340da7655b3d9ac0e9b41f7459c4646afd9db42ee0295377d5a49d3e69f19f865a317d2d9e86442f0359584321f9301e54d7a1c2f15d791a2674a84784fecc173dd58feb1c0c62c510e8f600e2bbacd0589d027276e1a5004b0033591f212c65236df64003b7a014e269373c0f2b9a9d6c2b3e1b517af596476f621ece11c1175a4f7049f9fef032915cda47ce4dc31ac7754666bfe3a39c644d6dc9ff2691f2f847d0c771d2d764c093edc1552d07c97bdda046361afad0b7c7c915365af18b3c0972cbf0a392c86be3334b6c3a97077dd6bcb978f234371af20015b3e702c027b8d647cad6ed9cf5374c2bc6a78223b5503ceacecfd97ef65ffeb34a01f5b943b06e510fd97f065a00a6f74879381115d0039a9e31f1d96999ad1966faafe2e7defa9634ac4c9400c6d442589c55667d826fd144d89390181bdbf5cc343e98e6fb16b1484274c869d0559141f28147300f44cedb27fcf434921620648dd4d9ce6b76d580a81a2b73f2d85deae4963b3f2d5b14dff5038ab83f7e7770c0feec020b33decf48ae14d2b8b12e14eb30d7d4ae79e4d17b29c001d911ef84f5cb2703f0dbbe58b6647aa5ceaf56fcd1f6812845e804c2a684f1a990c38391eb6df578dcb306f3a3c73eb03d2d231722247e9799418de849176b7e59f32388bb72e830d878a1f032a37cb3a7454b5e7935ef679541bd4f053cd2803a1cc71ee46884d136e1904821ce18b885ca3fa28a9514b96d9abc60ea9b7be30aff4205043fa8d864d0d277d8aeedcd542bfd0d1dd3fe3e310fce8f67bb23918142b686b2c37a047c14e7a9f6d8ca0c05f264f6816c4ea18a6fa604806b5a4d8d19415d2bd1043ad8f098aac91914b63f215dc2eddecd197eaed413a3720ee9c65ef4db851de2147d2243a10f781699365c6e53e677081d22a14f1ae1eee06253652147da278ccfa9ce6526242535ff339176e22cdc22d0888490f0a9cc7a2162bc0357d0ee0b39ce150a8f93b65da08d767a718d8bcccd4356978c43b048ef6b8658e16410acce634146f298a3ad63765e8692b4f67de862f79c0433a93993841ca6b5c78045e4f261a6d1733d787a35287b2e8ed488bfdca9ff4febea2bd822ba2b23fb3553cf3f4517e05fff740bd4cb7545cfdf7a3d323fd76c358d86e93572f86e6fe8245bfa10bb80f86640e4aa6e980a35fbfa788e8d1daa9855a44055ffd4de98dbb4e951be6a749b165c0cc7709b1d049e21edc63fb1dbab8dc5a256d98a3db81fda80690c644004e9bb2c7bccecb8c57735f5aada5b91d668681f0ed6ba533a4dd35bf912eaa7764663e3ee1a1757df3f809337a1f944f67358c5ab66c5a70eafeb206de2c8a90c189e45420f4c07f0d3fead601c9bd6be8206d0335c8efdcc9899b31d9e860574d540a295b3a2971a2d9df75fc4b6bc7e8bcf66506b8a4274eacf461de7203a2386fd5ef5a668ccc7b2c96653b59240798c43074ab971b1b3fd51009bd2d75a9cf42f94b3ade4d242e84f8bd37bb680b223b80f84e9c7d4c99db8305463c3e9651dcb542c83d0a48c2d587bd1339c071e50abe81065dfc3dad30148404b9ddd063f8c48925f6dfcf0e0fa2061b6fd9b09680e3a2b4fe3ca85b040df1be1e4c4cdb8467375ba8407445d00c47b47bc36b6c818e94e22bf99b4fd0f409c00735e8d2c5276e37d0fb493a0e741a7adc6e0b0351bebc80e2d46214994e3448da04a17599bb562cdde0ab0264c14b7cc6c4c6bedc3fe43cdfb9d10653a592794fab558e03f593a29e8590731c7662491de35545c3fdc6349847dc2232308744b426ab5827c864d391fc958cb235cc58506d340451b41417f3da73002e7dc0c85cd2921eae5b5b79b291de1866dd52e80a37ade483f0e1bf8c05ab41f2947e70574b783ccab7e1f3265b47c0a37a0915103227cad2b11b285a8516a9143b1206c733d62921bf240d7dd40c4cb23adb47fe978eeb0e95dcec08ac83e9f975fca73c20002814291a295663edc62758e1b62f83908d2b9ae9be8662165874adc230870222235adc08f344d85c9045cfab20472e01de8bd1b4bbb33052fdd2fdb6fc0184de0489c2302ad80ea46e49c3e31e79f17e277eb677edaef9ebe1c2889a96f758462c1e781763590fcc92f63572a999cc98045e5958bdbdb53f0043583e4dc1069a2036474d8f95f86faff1cafa9c7be69a9b38535693054b21a5cd79d7dbca1cf6186897efb68e974080e738411171bd56a', 'wrapKey,unwrapKey', 0, NULL, NULL, 1, 1795737629000, 1795737634000, '{}', 'application/json; charset=utf-8', X'7b2276657273696f6e223a22312e302e30222c22616e794f66223a5b7b22617574686f72697479223a2268747470733a2f2f7368617265647765752e7765752e6174746573742e617a7572652e6e6574222c22616c6c4f66223a5b0a7b22636c61696d223a22782d6d732d69736f6c6174696f6e2d7465652e782d6d732d6174746573746174696f6e2d74797065222c22657175616c73223a22736576736e70766d227d2c0a7b22636c61696d223a22782d6d732d69736f6c6174696f6e2d7465652e782d6d732d636f6d706c69616e63652d737461747573222c22657175616c73223a22617a7572652d636f6d706c69616e742d63766d227d5d7d5d7d', 0),
(1, '2f5c52e127783e1e146581c0855fbc2f', 2, 'RSA-HSM/3072', X'a0782f50c4e66e1ae456507ab812acfb508ff8ac623f7dc8c1375dc4ad8e8e412e8881bf9fa0e34062ac9e0c787443f9a4b5dd0512f4ac4e7df3535f392aadaf3c1fc848393d4fdb3234bc09d9c5a3d17866dfcf8e3b7902d026aa084ea5ba705199acb13bf013b14beef019ea0c4588a040b4fb17c04a927d8ab991086e3488399a794b3b32d39fbe5c8d725adf4e3ffdd4ca6510d683ee48fc3fec802909fa82acc87757033cc0cffad850b67a2d2e1f851a1d5d8f5408a933ee1b3dfe766ebc826b8bddccfda976430ffcb92274aecdf5803ee3d97bea96b0df79cb65fac00e77ab2b964e3fe722d65297efd1ffa139d81deeef513d93e1e28550709207544442c97a2944da016fc4a8669c1cd98f9e23e72e7ff832686eb15bf7a39983e58bc69c515576cbd4b95bb3280170efab22fd9cb6dcbb8db1816493839ee0469018b8574b05fb123816658e29d3145a93ea0255cd95fe9f8dcec2c652ac42eefb98284365027ad8196df944bf962004e60591260a08a5c473ee39c78f4e77c3cd', X'010001', 'software', X'01a979ea50dafa5c41c1bac76700ed8772ee00811221da242774c8fef96f231e364fc964940d39edb170de79c3c77317d00edf751c804aed516c6e9e026e52a6b1be4625270371fa6cb6fdc26df47e019ab644c64e2611f0b4f6deb99b621e5f1e19b173e132d05f58f2fbb0a599b81a63a4567dd5078ea7e9599a6cb21e9b5601cbc26daac82742fe06577cc07983458b93bc0315e6e5f3730ca6b428cdedff5fb0779180992b19e7596aabadb9dd5ac30b8821f22733161946c899cf49a0a42bbba3a6800c7aacc8491cd9b11151b99d336faa018576e83d40d393fef1e4954efcab22f8cbd2796d2278832ade2abe09c7a0d2bd4f14e264476b77c93490b8c1f1a64979a898318c321a27c593bd6bf4c4f02d5cb965894d3ce5720a55267bcbf1dfb4a7a17718318e892f0ae8675e359d49b136e105f07d1479f934c3e3e3cea15570f301f3d542fe3627c6ee9852f771a242b6381f8884e5288f2022ed374f03f80a8d0a8480cc9d9dfc33f7f81fea1fe20756fee96377fe2dd50922bccd7ee198580c9a94397b2d1a565a95be0008935d69137e029e7faf92b4cb7bb3162608455f96f4272f804b5d1c041427284f2ea65b6e8a2a3cabe63adeb48a936431fbccc0c91cb61330ec0923f25c6b4589366838cfad175ee7b56d2285995a1b496f18bce155d8f3cd896e7b1bbfdd070608d7835ce291f5b62241ea6b11e3ad4fd2fe62173e7f0b7e6d97c3ff2251fc39927128e27bf4836230183c049f01b83d74b2b1076763a15d0512fe808af18ea77e7d50417a7de591d16586d3407e871334f9e289a0e57acb2ab3310628de93ee7a2715d18e89482da780281d3b8b4b54aed66f19807ede53fb0f050e5c9174f0710330d84113c41cb2e4ee1cf5f855994c796edfcf5b5b0936cf1687d46792c44c51e9fb2b7d83630ab686b18eb27a38ef18e73ddabb2416b268707d98d0657cb055c913e1eb7e787295d9f84fc87609bd66fc4bb5987a66abead3a30a1bc0051726e7fc976cfb8bb7ad5f663c9395ce4a786170d95ce1471dc69eaa6207ebfefe8b0dee5bda48819c9551497e33b55bddba08ae64f8879425d2c790a4215fd8d929d10d750afc5a2cf705538d558fd7682008894e801ee11edf99a686a57eb7e615b03ebeed38ae01362efe12a7fb7d34d29e0d64fb9d97bcd9d6d6469beb154dfe5f9bd35b784d37e8b6207edf571d4583a7c094549aa658d9d3aa57c8cae3d1db710fe2924542bf1e2181d9d1770e66f10d2728588aa0df44c71d2b93150344d1581c9f6cc24bef499fa9b50c35333da5bbcd829ddb45d31b4f4c987fe9b21180ccfc5954b65cbb556aca3f63cf0ecfd17bdb356fe8361e832aab3f80df534c314db46768184d780392867a58c1963f5e5ae1d2d3ba925044fd8061a54338a625e114246b9244a9f1080791f5b3195bb904bec204f4d6f03aa39a227ff39942d4343a29bd525efadc466292a53b4c1a12cd7a05456976ce80dfb9378e514cb9832e3b5d11ea4f98a2bfc38077c38b33f072cde5aa5f28513317cb6185de83dd270c278b532fe3bf10794de112ee4b20c25758acdcc3f56e8f294c52821066d8ae4d2ab119d1d7f090a0e1cb7bf2288898d5e4e89a324b982239a770571f76d7bb624db0c71186280cb62a66e0f490ef1ad9c6c7523588d309a94c5c676d4edf5916708c6acbf7582c108acf7c229643ca378e6f9091df4f9ff990efff5e64a364b1451b823175aa434063aa372eeac214533bdf3742094edee6518878573bdc048403a3bc953178622f858aaab4ae99d8c97e8077d85ed838813f37226094215e517713bfe68bbe5a48334a99ef4ce11bf79d9fa6593dceaf57cd32ba18cebc12c1713ebbd727dac8fe99c3705eac0b2d0bc498e51a916dc8dc2c8d62d0d576c0da478363a40d4e2e52516ebcf828eedef77ff76439ad6e8fdc98a79b3ef3d7ac9dd648b887e505ad173ac21b5e4910443b836bb28a5e555457c52851a38aa0d53d1517fbe25629f5d5eed36b286e5f32558f3775457667b9b55c0b1f859da3760124a86abd2653aba57b5382f118f1c4d89f2db6bbe0917ab23feacc9eafce9f429a57969bc426e19297676fb415a3d63d915c82455526e295b83675c536d105766d9f264535ee56350eee33b9dc15d6fda7d7c8502ae4558ba2d846e4d92ee827ec114138506cf221fd447f3edbe8b61ecf4a3096471af0bc9370f24dc89f4e752e8915b9352a43a4a8fcbd6edbcc0a7070c592a2b1ed6ec4568c6d83791c7642f7c65186af34db84b7c22ac902a87c3b6d02e130fd5aa4777970d916cf2f6e52bbfa7c3297ed67b83f128229c18fb9fceeed8a98958692ba29c9b1babaa576c04dd7c715a0e9610865d5d0409447b41b58db1435fdc3f3a23952352d40911f54acddaedf32cd9e76b0874278270c7ecda9e1c8e919488658a2a7f05a638221c10d858363cde91bbf810f9e589085e3076f65cc9f43ea0f35445930b724714cfa12e10512425995e6e4d267435036396e76e3a27baab2a77b6065228b4482517414a01463bc2b0bb453cd1c', 'wrapKey,unwrapKey', 1, NULL, NULL, 1, 1795737632000, 1795737632000, '{}', 'application/json; charset=utf-8', X'7b2276657273696f6e223a22312e302e30222c22616e794f66223a5b7b22617574686f72697479223a2268747470733a2f2f7368617265647765752e7765752e6174746573742e617a7572652e6e6574222c22616c6c4f66223a5b0a7b22636c61696d223a22782d6d732d69736f6c6174696f6e2d7465652e782d6d732d6174746573746174696f6e2d74797065222c22657175616c73223a22736576736e70766d227d2c0a7b22636c61696d223a22782d6d732d69736f6c6174696f6e2d7465652e782d6d732d636f6d706c69616e63652d737461747573222c22657175616c73223a22617a7572652d636f6d706c69616e742d63766d227d5d7d5d7d', 0)
;
INSERT INTO "simhost_machine" (id, vm_uuid, running) VALUES
(1, 'a48684fa-c6e6-4121-9b07-ad7b7b9c7051', 1),
(2, '78ee3b44-ddd8-40c7-9b40-620235fbe444', 1),
(3, 'e76afe49-051e-49fa-bd9c-3ce7eb834329', 1)
;
INSERT INTO "simhost_fence" (subject, fence) VALUES
('image-1', 10),
('image-2', 10),
('image-3', 10),
('vm-a48684fa-c6e6-4121-9b07-ad7b7b9c7051', 10),
('image-4', 11),
('image-5', 11),
('image-6', 11),
('vm-78ee3b44-ddd8-40c7-9b40-620235fbe444', 11),
('image-7', 12),
('image-8', 12),
('image-9', 12),
('vm-e76afe49-051e-49fa-bd9c-3ce7eb834329', 12)
;
INSERT INTO "audit" (node, sequence, at, door, caller, caller_name, action, scope, target, outcome, code, correlation, client_request, operation, hash) VALUES
('server', 1, 1795737625500, 'SERVER', '00000000-0000-0000-0000-000000000000', 'Keyturn', 'Microsoft.Authorization/people/write', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819', '/people/0a7dfc7e-180c-4b5f-ba79-aa07ffd4f726', 'ALLOWED', NULL, '9d326570-bbf9-4af1-b58c-db65b28e7143', NULL, NULL, 'aa321eb05edc861daee981a5f881ea2824cc24ff36412847d45dfa75f7d09d94'),
('server', 2, 1795737629378, 'ARM', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.Resources/subscriptions/resourceGroups/write', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331', NULL, 'ALLOWED', NULL, '999527a4-e1df-4200-b6e2-6bb84b050edb', NULL, NULL, '9a9e46065250f79165e8b8721629c0d5fcf9f3e7bd8b9963cae851f2f27fb1ae'),
('server', 3, 1795737629509, 'ARM', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.KeyVault/vaults/write', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331', NULL, 'ALLOWED', NULL, '574321e9-93c0-4566-a791-2a1ffe5ba9f0', NULL, NULL, '716a91fe11b81096e29250be97fc68b3a2fbc9aba05f73fc041a225146c72d00'),
('server', 4, 1795737629599, 'ARM', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.Authorization/roleAssignments/write', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/providers/Microsoft.Authorization/roleAssignments/a232ac81-c810-3a85-abda-7f1c27b29479', 'ALLOWED', NULL, '2ea5faa4-d064-472f-b6d4-3657147d40d8', NULL, NULL, '22348f11a7002701fbfbc33ee200d27d66bcd4c34613f061d8b392cac0280455'),
('server', 5, 1795737630656, 'VAULT', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.KeyVault/vaults/keys/create/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'ALLOWED', NULL, 'b7c2b5ea-57e2-431a-98ad-8e44887061ad', NULL, NULL, '38e5affe46645fdae4c330bc750385af28f90ce230222f37ad763c2a6b63f542'),
('server', 6, 1795737630971, 'ARM', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.Compute/diskEncryptionSets/write', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/diskencryptionsets/fleet-set', NULL, 'ALLOWED', NULL, '9164f563-6b4a-45df-953c-b6093c648463', NULL, '9bd552ae-1bbd-4ba1-a45f-42bd86a656f3', '28c75a48da75febf21f277632116823b319b2b4ae9cb4d9ea4f4a23c44b609bc'),
('server', 7, 1795737631147, 'ARM', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.Authorization/roleAssignments/write', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/providers/Microsoft.Authorization/roleAssignments/cfa93c1a-be1f-3405-bd8b-702b824d6c49', 'ALLOWED', NULL, '56d3c624-3c32-4136-8155-ca9a51e55c55', NULL, NULL, 'a5c3cf85e666f62669e258b76892a06cb9665dcbb6d055e0dce68f1b55b49df9'),
('server', 8, 1795737631314, 'ARM', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.Compute/virtualMachines/write', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-01', NULL, 'ALLOWED', NULL, 'c6cd62ea-9b2b-47ee-a349-6d1a47c999ed', NULL, '357f6d83-7c3d-4248-bd25-29d090995f00', '74b890c968f0ed2e63a2b0408d5ad80b49e8b1bf6cada7ff85b74dc36e5fd28b'),
('server', 9, 1795737631494, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/wrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'ALLOWED', NULL, 'c6cd62ea-9b2b-47ee-a349-6d1a47c999ed', NULL, NULL, 'f854a41589ca03457bd366669825b3b95e1ba0295dc1130c5a80a42548849bae'),
('server', 10, 1795737631538, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'ALLOWED', NULL, 'c6cd62ea-9b2b-47ee-a349-6d1a47c999ed', NULL, NULL, '99a8e073f22ebd31f4082646b409e871c0eeb71f978dd3be2e46eb009c7085ea'),
('server', 11, 1795737631550, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'ALLOWED', NULL, 'c6cd62ea-9b2b-47ee-a349-6d1a47c999ed', NULL, NULL, '5c1c93dabd700c4b0c4b65b1dc9a67508fce5a7201bbf68aa2506be4b1d43d83'),
('server', 12, 1795737631590, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'ALLOWED', NULL, 'c6cd62ea-9b2b-47ee-a349-6d1a47c999ed', NULL, NULL, '6a0059059ce84cdf33ddd0bb74140f9e9726fd145dbc333a97cb098978f7a309'),
('server', 13, 1795737631639, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'ALLOWED', NULL, 'c6cd62ea-9b2b-47ee-a349-6d1a47c999ed', NULL, NULL, 'd744ae6a23c93e8d8f59f6cab3615b8e4f9a00915a19d0b9a8c3d8ec647a889a'),
('server', 14, 1795737631792, 'ARM', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.Compute/virtualMachines/write', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-02', NULL, 'ALLOWED', NULL, '39af939d-3045-4c92-ad8e-c4586f82441f', NULL, 'ee9b8152-66af-4d1b-b142-7c02fd43ea37', 'c140a465862b3338668bba035556abecb4d0848124515cb5403c187b8067109d'),
('server', 15, 1795737631826, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'ALLOWED', NULL, '39af939d-3045-4c92-ad8e-c4586f82441f', NULL, NULL, 'e5543c3274063576758ea8863edcba84e9321e35c65e81779c0b47dd00274c47'),
('server', 16, 1795737631836, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'ALLOWED', NULL, '39af939d-3045-4c92-ad8e-c4586f82441f', NULL, NULL, '123d063735c1e134177fc2c51ba243b63d7fe55f224b58607c27ab7161510b95'),
('server', 17, 1795737631849, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'ALLOWED', NULL, '39af939d-3045-4c92-ad8e-c4586f82441f', NULL, NULL, 'a6bab6d124d08467a6cd064cfbd2c8535e6b5affcf644b84a5d85e231ed138d1'),
('server', 18, 1795737631952, 'ARM', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.Compute/virtualMachines/write', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-03', NULL, 'ALLOWED', NULL, '537ebea9-f109-490f-93b5-60b1f374680e', NULL, '8183b47b-2df7-44e7-b088-109b2a8ddb90', '5015b5c482f2034af9c5a37b4591c3cbcd94144608d9a86b190e7788245e075b'),
('server', 19, 1795737631991, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'ALLOWED', NULL, '537ebea9-f109-490f-93b5-60b1f374680e', NULL, NULL, '40fad6a608c1496b6dbe19a2ac54c61fba78204d364846a4c497a9c360960dde'),
('server', 20, 1795737631999, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'ALLOWED', NULL, '537ebea9-f109-490f-93b5-60b1f374680e', NULL, NULL, '4746a511deb874bcb054275af7e62acd801443a402c1e2d29beb9cdf11662ada'),
('server', 21, 1795737632024, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'ALLOWED', NULL, '537ebea9-f109-490f-93b5-60b1f374680e', NULL, NULL, 'c53cdf7a25f0b6e5b89787dc2df6cf334809400449da50e4076ebd6f521cb076'),
('server', 22, 1795737632255, 'VAULT', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.KeyVault/vaults/keys/rotate/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/2f5c52e127783e1e146581c0855fbc2f', 'ALLOWED', NULL, '8d6d3d32-5267-4bb3-a860-8bd3b3905347', NULL, NULL, '3717db12a41575fb83e8c9199c2955602110f33eee7d73b01a125d96995d2f23'),
('server', 23, 1795737632341, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'ALLOWED', NULL, 'e224d9f0-a17f-4f59-8364-8f3f81fa37d2', NULL, NULL, 'bb83b01fb41ec6c8056afbf59ad7f4c8f10099645972240da959bca47a010778'),
('server', 24, 1795737632540, 'ARM', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.Compute/virtualMachines/deallocate/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-01', NULL, 'ALLOWED', NULL, 'a1ef2975-0f95-4651-8b22-fb99690e49a5', NULL, '62619526-f395-4436-96e1-ec67ad9f1227', '35e62077f2976882176ce4b499a2a748c989289d6e233a11779e53cc9df70308'),
('server', 25, 1795737632706, 'ARM', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.Compute/virtualMachines/deallocate/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-02', NULL, 'ALLOWED', NULL, 'b8361fb5-8dc0-4a13-ab76-945bc6823525', NULL, 'f693de50-fae6-4b18-903b-fab3a1affc4e', '8b9d33e6563ae9e7e9d792f464dfb06a982d296e1ca9f8efa03c6affa0b67dba'),
('server', 26, 1795737633043, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'ALLOWED', NULL, 'ff5e954e-7801-436a-83aa-f43cea153c05', NULL, NULL, '83dd882482ee921a3378833f17e5f5675264a567d80fd21e39f4a57237f91c62'),
('server', 27, 1795737633073, 'ARM', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.Compute/diskEncryptionSets/write', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/diskencryptionsets/fleet-set', NULL, 'FAILED', 'OperationNotAllowed', 'ff5e954e-7801-436a-83aa-f43cea153c05', NULL, NULL, '696608e1c71e67b3ca1edd591288d3b00a570131876f28fb75b8ab52998cf65d'),
('server', 28, 1795737633323, 'ARM', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.Compute/virtualMachines/deallocate/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-03', NULL, 'ALLOWED', NULL, '62702557-65e9-41fd-ac81-b18e87eca38f', NULL, '693900e4-c6e6-49a4-b744-6309c31d12c4', '589272a032a28c78cb30614aa6e88faac530deeab401f5ccbd42dc7b5645a41d'),
('server', 29, 1795737633533, 'ARM', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Keyturn.SimulatedHost/faults/write', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819', 'demo-os-disk', 'ALLOWED', NULL, 'c68aa172-47af-4c6c-9875-14fce3470ed9', NULL, NULL, '5c101e5f04f3bea7f738e807162e58b47caa73c0ee29a677c607c561a8982619'),
('server', 30, 1795737633582, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'ALLOWED', NULL, '110e21f9-31e7-40aa-8797-60f8cd18f7ea', NULL, NULL, '9ce8b3f7a586b160f139d84f8eb57fe64f65771c8f3f3e752fb54860075a3c2c'),
('server', 31, 1795737633644, 'ARM', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.Compute/diskEncryptionSets/write', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/diskencryptionsets/fleet-set', NULL, 'ALLOWED', NULL, '110e21f9-31e7-40aa-8797-60f8cd18f7ea', NULL, '69ad26ef-b446-49fc-b818-3586de504595', '7064971132ef291d9a8ff7de55596fa07959b16193c5f6f55c60172b49177621'),
('server', 32, 1795737633669, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/wrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/2f5c52e127783e1e146581c0855fbc2f', 'ALLOWED', NULL, '110e21f9-31e7-40aa-8797-60f8cd18f7ea', NULL, NULL, '74554f160bd74fa3394566d269237d6dd780ce5467957f91d3eccbcc30799c50'),
('server', 33, 1795737633687, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/2f5c52e127783e1e146581c0855fbc2f', 'ALLOWED', NULL, '110e21f9-31e7-40aa-8797-60f8cd18f7ea', NULL, NULL, '14d4fc5b102e395cfd314fe138c84c4aec26a24c2cda7c8e644df8d03c018cf3'),
('server', 34, 1795737633714, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/2f5c52e127783e1e146581c0855fbc2f', 'ALLOWED', NULL, '110e21f9-31e7-40aa-8797-60f8cd18f7ea', NULL, NULL, '21aa7f764306595d5d3b99a799fb218462ce7a7d95fcf996e2bbc937ee2b788c'),
('server', 35, 1795737633744, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'ALLOWED', NULL, '110e21f9-31e7-40aa-8797-60f8cd18f7ea', NULL, NULL, 'cd9d14ae127db132d1aea9608178c48717fd4183464552c7ca2f0dc9c3f88284'),
('server', 36, 1795737634162, 'ARM', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Keyturn.SimulatedHost/faults/write', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819', 'demo-os-disk', 'ALLOWED', NULL, '804f4264-186b-40af-bb6d-b1ad9a21a1df', NULL, NULL, 'bc8712cf78c2b8ad30100ba73767622e0b034ef94592ec319784b00ba3ce0358'),
('server', 37, 1795737634213, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'ALLOWED', NULL, '1e7a6eca-e9ce-43ba-b21a-59634f0d4201', NULL, NULL, 'f8b35a3911cbed34ac3f538cb7df047dff75f1aecd7cd77b8a69a4667ff0e868'),
('server', 38, 1795737634273, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'ALLOWED', NULL, '3de0b3f7-1742-4383-b399-5c42770fc2ae', NULL, NULL, '248a123c041a5f9aadc8c97ad8e0360560f2ddbe2f7fa24b23b99dbb49d00b28'),
('server', 39, 1795737634298, 'ARM', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.Compute/diskEncryptionSets/write', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/diskencryptionsets/fleet-set', NULL, 'ALLOWED', NULL, '3de0b3f7-1742-4383-b399-5c42770fc2ae', NULL, 'd8586d1e-033a-4c47-a678-d4ebdcdc891d', 'a318d83ba58cf91017c526a29579f5f97cc89b96d05f156bea2c4362becf2101'),
('server', 40, 1795737634365, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/2f5c52e127783e1e146581c0855fbc2f', 'ALLOWED', NULL, '3de0b3f7-1742-4383-b399-5c42770fc2ae', NULL, NULL, '6bfec0497e0284cac08af3fe9fd0a2c9b08a031e67adfe4532dadd106fa25b85'),
('server', 41, 1795737634379, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'ALLOWED', NULL, '3de0b3f7-1742-4383-b399-5c42770fc2ae', NULL, NULL, '60e881693f4f084fd069adedf43283f521c270ed62b4605d9132094706f7d0dd'),
('server', 42, 1795737634611, 'ARM', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.Compute/diskEncryptionSets/verify/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/diskencryptionsets/fleet-set', NULL, 'ALLOWED', NULL, '22f229fe-725f-417e-83dd-3f9b5d61d273', NULL, '898921eb-fa04-4117-bfac-b8cb4e015b0e', 'd502d914f31dad01647973a182f50b548ec7b80ee1b9fecd53dbd98adfb53554'),
('server', 43, 1795737634653, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/2f5c52e127783e1e146581c0855fbc2f', 'ALLOWED', NULL, '22f229fe-725f-417e-83dd-3f9b5d61d273', NULL, NULL, '9ee379bbae8e6e5c7a2d95d6e20d9c1c9b84bbbefbc06a15e1526ca42178700a'),
('server', 44, 1795737634805, 'VAULT', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.KeyVault/vaults/keys/update/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/78d722fd349aec9514cc1dc63f79bedb', 'ALLOWED', NULL, '15b39913-2060-48c7-82d6-92f5f301b386', NULL, NULL, '329998655de46b27e5ccfa5cafbf17e88a105038a2d682dc42ecf9554df51409'),
('server', 45, 1795737634892, 'ARM', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.Compute/virtualMachines/start/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-01', NULL, 'ALLOWED', NULL, '0e8fc9e1-aa45-4508-8143-bc3385e9adc0', NULL, '041b33d0-b703-4b6a-a548-60992de175cb', '63e77d9efa83b0692a89aa1d220a296712966f8a57aecad648024bfada00ae3c'),
('server', 46, 1795737634939, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/2f5c52e127783e1e146581c0855fbc2f', 'ALLOWED', NULL, '0e8fc9e1-aa45-4508-8143-bc3385e9adc0', NULL, NULL, '4135e78f46af51552a9025534d6d16d0cffcacb3ceff7fef4ab833fede264d98'),
('server', 47, 1795737635064, 'ARM', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.Compute/virtualMachines/start/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-02', NULL, 'ALLOWED', NULL, '2239107d-45ee-4e09-aecc-51bbf4a93ce0', NULL, '11e2103b-6b7d-40b7-96cb-1cb756970209', '3f3c1e1e15774e8635362aadc46329824c690e2372f673664f867ab4584b1865'),
('server', 48, 1795737635125, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/2f5c52e127783e1e146581c0855fbc2f', 'ALLOWED', NULL, '2239107d-45ee-4e09-aecc-51bbf4a93ce0', NULL, NULL, 'cb7b20e5485f5cbcb8437cec3319c2fbfbe88b3cfd615ccb1faa783076b5467b'),
('server', 49, 1795737635281, 'ARM', 'c4511921-19a2-41da-92b3-49764b406b01', '96b7ffaa-c132-4028-b518-da1e7f3efc3f', 'Microsoft.Compute/virtualMachines/start/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.compute/virtualmachines/cvm-03', NULL, 'ALLOWED', NULL, '2d1b9dcd-41f1-4111-8aab-bead7506a0f2', NULL, 'd265d788-9ccb-451e-a5c2-773673bb27b7', 'cf663c407f59dd671cc94271c11453bada950cb16fffc949f8cd78dd6c62f4cf'),
('server', 50, 1795737635382, 'SERVER', '73712249-a592-4ee1-8bf5-22bba9aa6526', 'fleet-set', 'Microsoft.KeyVault/vaults/keys/unwrap/action', '/subscriptions/b119caac-0cba-4218-a7db-c2af2a66a819/resourcegroups/keyturn-demo-92331/providers/microsoft.keyvault/vaults/kt-demo-92331/keys/fleet-key', 'https://kt-demo-92331.vault.keyturn.localhost/keys/fleet-key/2f5c52e127783e1e146581c0855fbc2f', 'ALLOWED', NULL, '2d1b9dcd-41f1-4111-8aab-bead7506a0f2', NULL, NULL, '58b5c4fcce972f2ff1d1c9a0688189357f3d666eb4ce7664f4a3d4210133ee47')
;
INSERT INTO "audit_checkpoint" (node, number, sequence, at, hash, before, key_id, signature, cut) VALUES
('server', 1, 50, 1795737645365, '58b5c4fcce972f2ff1d1c9a0688189357f3d666eb4ce7664f4a3d4210133ee47', '0000000000000000000000000000000000000000000000000000000000000000', '90d0d49dccea3698f6c2c4e8b84e95dd9c0ff60e6a11aafcf5d7f0e911a56b05', X'bbad9bda064bca36b339e9d2a62bf934ef2007f5361f2b073580bef520f1cce4cdbabe794a32cd4ddda78187bfae8e4dfce3fa47fdd923382cd5fc7fb90bb506', 0)
;
INSERT INTO "artifact" (id, kind, owner_id, set_id, host, set_key_id, nonce, sealed, chk, revision) VALUES
(1, 1, 4, 3, 'simulated', 2, X'15019d85e28eef93e7dd55ed', X'7da0ea068773a10bc1feee99fc33732c1c8b00b7a1467e1453ff69d7d269ac633b9b864bcb3b3d72e729452699258984', X'1693e7db8354ddd20aa7717ae83c6ce9', 2),
(2, 2, 5, 3, 'simulated', 2, X'4b73f73ef3ecc3709b456c0f', X'ed31a5395129882928e42d80ed2765d91c73327cf7d223d8540be8aea378036d6da5c14850b7f7b5a1fdbeb613fa39b4', X'7a9c5e99e373e3eca109484d82bf826d', 2),
(3, 3, 6, 3, 'simulated', 2, X'423b09316a61ac32fbed4c68', X'19476557df8e2e17717abb858ca1688eea656528f1c4a3098b2bb92828dc2981acdb284a0a2df2441ffb50de56056b26', X'5048632416f536007d04c1d5906021ae', 2),
(4, 1, 7, 3, 'simulated', 2, X'fd0580bcb657f5abddf596d9', X'5ec15ed93d614de46c6d42599d13ae2109944091f93cf1271421c799cf103bf4810fcb1cca80d7fe3b27f21cfd8356bb', X'3fd4c7dc073dc9120a2e7da633433e72', 2),
(5, 2, 8, 3, 'simulated', 2, X'9faa16d756950b1ce3427d73', X'94f1eaad13d22c6775a86a34fb348b46c4e33e724cf3e32d53e83d6e0bd6762ec8879ee99695dcb2640d22bcacf53344', X'b0cd2601bc832cbe03574749d8494590', 2),
(6, 3, 9, 3, 'simulated', 2, X'a28ecfb29b15a669fdfa6d40', X'dc73abac81998fa26633ca3e17506b1b15bf51db59118ab5e777c8c088aa29467c4d8f6c08c393acae44b4a0941e8bc9', X'03a8be1d632ef8da6298472a4e51e8a1', 2),
(7, 1, 10, 3, 'simulated', 2, X'ebad54c4f0100eb3b29977ea', X'f5dea347244d00ba84431d5f57637771762a17be4bffb7011423c5ccf121342bfb59ec43bcfc693317f427acd59f02a0', X'91884a756bb3687048e3cffc03195f7c', 2),
(8, 2, 11, 3, 'simulated', 2, X'023be541d4aa9ccc02d775fa', X'cf99e0e7f39d815fc5fa64e599d34406198058cef76828369e84320267f8842991ef84a740927524611596b12cefaa34', X'979802357c7e2bdb3cec08be479332fc', 2),
(9, 3, 12, 3, 'simulated', 2, X'be01ae8dac9346d9c10f5b23', X'175904327989e54b6a8c3e541d17659174430d95516d1044e3d274033458ec3da7eda87ae7093cc8f65e981fa4fc44bf', X'b710e971e38fba13151bb0d1d400155c', 2)
;
INSERT INTO "simhost_image" (artifact, kind, machine, sealed, bytes) VALUES
(1, 'GUEST_STATE', 1, X'b5df527c5c17dc502d4c890e428f07d51b2c2f8a498b22ed2c97de5c4618ae05652207ea7d48f29d003bcce0a229030e6577433c9c4ced40307a8f9ff89eb779eba3a5390a87103b411d35ca64b4d4c578d96f6f256d9abd522604b7be95c146fcff777fa17e7389daef5b9d75883ea4dce9ce95b3935564', NULL),
(2, 'OS_DISK', 1, X'b6fe57c9ec07fa3437487955470b1eb3ae8d7f5e6ca37484aa5c3af895689b47ec215611c6aec738b55de3f27c3193ba4c0eaa2f78e17ef0ba6f41d8', 32212254720),
(3, 'DATA_DISK', 1, X'bed6e1d559ce0307f934e6a5638014d7e195edf1f4c9a3a1883f73a5b8ac26b78991aa1da79b9148376036349c8ce557f6325044d79797348463cf03', 34359738368),
(4, 'GUEST_STATE', 2, X'2fb0938cdddee413c1a30a6f1ab3c6636996125440ac0e467207602cb5fe9fd043373522dcf2f013e48a38f57a435ab96d5fbb751eb46403c4382d20c6d11bb6ca36bfa0713be7acea8c72061c575bab2b45dc216b0cba6acad00f74b6ce5d6efdfd42533326bbd1f6202fba724fcb42b2bc9abcf374f18f', NULL),
(5, 'OS_DISK', 2, X'eaea0c41f860aa327982009f363c13e0b71563fcf044d4896682b18d2a93821e481a27b97d4868a8d587728765567fd4c664b3a24a59b14c563d6964', 32212254720),
(6, 'DATA_DISK', 2, X'9bf4a7b7f572b556c15dbff4b575096ab95f33d3b5024d31f9f88b00a0c9142890d7281e340494b298e9aa6a0ff0be696cc5cbc4495d36a71d5ccb80', 34359738368),
(7, 'GUEST_STATE', 3, X'c0ee9b987a518c6abd3821082fb873d4406f172adacaf40f75505c74b1034a86c7c84c697fe91c799db3441d914188a58ad4c399c55a10d68ccda5c69c12c302db191320aae7c1d4ffc677708bfd45c6ed138d603cbd36798e090d61ee9b502760101179bf0a908f94dfe452a807b000c53c6cc2af7b57fd', NULL),
(8, 'OS_DISK', 3, X'8beb94843fb1c9edeec7b06166286a9a97126bb3aecad1e25bd563ee62023ffa6dfd77141385cac2d9b8f084f601c11eb97b1953a233815e35b96ea4', 32212254720),
(9, 'DATA_DISK', 3, X'a8de26238cb1eae58da6327a00185f834bb333a0d085af372b32b6c9e59956c7333a670a3ef111a73ab0fceba6b3739110539e0ecce7dcd91971ce1a', 34359738368)
;
INSERT INTO "person" (id, name_key, name, display_name, password, must_change, created_at, created_by, passkey_required) VALUES
('0a7dfc7e-180c-4b5f-ba79-aa07ffd4f726', 'admin', 'admin', 'Administrator', '$argon2id$v=19$m=19456,t=2,p=1$55v9DZnIOwtFkKPaIyFgJA$ZLUlxZeF8vON+ablpQ4Ij0BczNRSZBORK1moaefW51w', 1, 1795737625498, 'first start', 0)
;
INSERT INTO "person_link" (hash, person, expires_at) VALUES
('naqm7J0vBZnoexIRbk7W-jk-KRQiFpjcmv1p4awer9Y', '0a7dfc7e-180c-4b5f-ba79-aa07ffd4f726', 1795824025499)
;
CREATE INDEX "flyway_schema_history_s_idx" ON "flyway_schema_history" ("success")
;
CREATE INDEX resource_of_type ON resource (type, arm_key)
;
CREATE INDEX resource_busy ON resource (type, id) WHERE state IN ('CREATING', 'UPDATING', 'DELETING')
;
CREATE INDEX operation_running ON operation (started_at, id) WHERE status = 'IN_PROGRESS'
;
CREATE INDEX operation_on_target ON operation (target_key, started_at, id) WHERE status = 'IN_PROGRESS'
;
CREATE INDEX operation_ended ON operation (ended_at) WHERE ended_at IS NOT NULL
;
CREATE UNIQUE INDEX set_key_of_platform ON set_key ((set_id IS NULL)) WHERE set_id IS NULL
;
CREATE INDEX vm_active_in_set ON vm (set_id, id) WHERE power NOT IN ('STOPPED', 'DEALLOCATED')
;
CREATE INDEX vm_ephemeral_in_set ON vm (set_id, id) WHERE ephemeral = 1
;
CREATE INDEX vm_active_on_host ON vm (host, arm_key) WHERE power NOT IN ('STOPPED', 'DEALLOCATED')
;
CREATE INDEX disk_of_set ON disk (set_id, arm_key)
;
CREATE INDEX disk_of_vm ON disk (vm_id)
;
CREATE INDEX client_secret_of_principal ON client_secret (principal_id, created_at)
;
CREATE INDEX vault_purge_due ON vault (purge_at) WHERE purge_at IS NOT NULL
;
CREATE INDEX vault_key_rotation_due ON vault_key (next_rotation) WHERE next_rotation IS NOT NULL AND deleted_at IS NULL
;
CREATE INDEX vault_key_purge_due ON vault_key (purge_at) WHERE purge_at IS NOT NULL
;
CREATE INDEX simhost_machine_running ON simhost_machine (vm_uuid) WHERE running = 1
;
CREATE INDEX client_certificate_of_principal ON client_certificate (principal_id, created_at)
;
CREATE UNIQUE INDEX rotation_sequence ON rotation (sequence)
;
CREATE INDEX rotation_of_set ON rotation (set_ref, sequence)
;
CREATE INDEX set_key_of_version ON set_key (key_anywhere)
;
CREATE INDEX audit_target ON audit (target, at) WHERE target IS NOT NULL
;
CREATE INDEX audit_at ON audit (at, node, sequence)
;
CREATE INDEX artifact_under_key ON artifact (set_key_id, id, kind, host)
;
CREATE INDEX condemned_image_of_vm ON condemned_image (vm_uuid) WHERE vm_uuid IS NOT NULL
;
CREATE INDEX condemned_image_of_disk ON condemned_image (disk_uuid) WHERE disk_uuid IS NOT NULL
;
CREATE INDEX simhost_image_of_machine ON simhost_image (machine)
;
CREATE INDEX person_session_of_person ON person_session (person, created_at)
;
CREATE INDEX person_session_seen ON person_session (seen_at)
;
CREATE INDEX vm_listed ON vm (arm_key, power, name)
;
CREATE INDEX vm_of_set ON vm (set_id, arm_key, power, name)
;
CREATE INDEX vm_with_fault ON vm (arm_key, power, name, set_id) WHERE fault IS NOT NULL
;
CREATE INDEX person_passkey_of_person ON person_passkey (person, created_at)
;
CREATE INDEX passkey_challenge_over ON passkey_challenge (over)
;
CREATE INDEX person_group_of_person ON person_group_member (person, person_group)
;
CREATE INDEX device_code_of_address ON device_code (address)
;
CREATE INDEX device_code_of_person ON device_code (person)
;
CREATE INDEX device_code_over ON device_code (expires_at)
;
CREATE INDEX authorization_code_of_person ON authorization_code (person)
;
CREATE INDEX authorization_code_over ON authorization_code (expires_at)
;
CREATE INDEX client_sign_in_of_person ON client_sign_in (person, created_at)
;
CREATE INDEX client_sign_in_renewed ON client_sign_in (renewed_at)
;
