-- Who did what. One chain for each node: hash is over the record before and every field (docs/audit.md). The columns
-- hold the text that was hashed, so nothing here is changed, ever; rows go only from the begin up, to a checkpoint.
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
);
-- Who used this key version in the last days.
CREATE INDEX audit_target ON audit (target, at) WHERE target IS NOT NULL;
-- What happened lately.
CREATE INDEX audit_at ON audit (at, node, sequence);

CREATE TABLE audit_checkpoint (
    node TEXT NOT NULL,
    number BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    at BIGINT NOT NULL,
    hash TEXT NOT NULL,
    before TEXT NOT NULL,
    key_id TEXT NOT NULL,
    signature ${bytes} NOT NULL,
    -- Retention has removed the records up to this one.
    cut BIGINT NOT NULL DEFAULT 0 CHECK (cut IN (0, 1)),
    PRIMARY KEY (node, number)
);
