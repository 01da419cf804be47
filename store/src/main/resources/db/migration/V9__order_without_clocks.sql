-- What is ordered or compared by the clock of the moment gets a number of its own: clocks are set back and forth.
ALTER TABLE rotation ADD COLUMN sequence BIGINT NOT NULL DEFAULT 0;
UPDATE rotation SET sequence = n.number
FROM (SELECT id AS of_id, row_number() OVER (ORDER BY started_at, id) AS number FROM rotation) AS n
WHERE n.of_id = rotation.id;
CREATE UNIQUE INDEX rotation_sequence ON rotation (sequence);
DROP INDEX rotation_of_set;
CREATE INDEX rotation_of_set ON rotation (set_ref, sequence);

-- What an operation that works on many resources has tried on each, with the revision it found there.
CREATE TABLE operation_try (
    operation_id TEXT NOT NULL REFERENCES operation (id) ON DELETE CASCADE,
    target_key TEXT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (operation_id, target_key)
);

-- key_ref without the domain behind the vault's name and kind: a server may be given another domain.
ALTER TABLE set_key ADD COLUMN key_anywhere TEXT;
UPDATE set_key SET key_anywhere = CASE
    WHEN ${position}(substr(key_ref, ${position}(key_ref, '.') + 1), '.') = 0 THEN key_ref
    ELSE substr(key_ref, 1, ${position}(key_ref, '.')
            + ${position}(substr(key_ref, ${position}(key_ref, '.') + 1), '.'))
        || substr(key_ref, ${position}(key_ref, '/keys/'))
    END
WHERE key_ref IS NOT NULL;
DROP INDEX set_key_of_version;
CREATE INDEX set_key_of_version ON set_key (key_anywhere);
