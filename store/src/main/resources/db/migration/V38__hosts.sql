-- Which node serves which host, and what others must know of it without asking. Times are by the clock of all nodes.
-- node, instance: whose it is, and which of its starts. address: where other nodes reach it.
CREATE TABLE host (
    name TEXT NOT NULL PRIMARY KEY,
    node TEXT NOT NULL,
    instance TEXT NOT NULL,
    address TEXT NOT NULL,
    live_until BIGINT NOT NULL,
    patience_ms BIGINT NOT NULL CHECK (patience_ms > 0),
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    proves_images BIGINT NOT NULL CHECK (proves_images IN (0, 1)),
    boots_images BIGINT NOT NULL CHECK (boots_images IN (0, 1)),
    no_console TEXT,
    plugs BIGINT NOT NULL CHECK (plugs IN (0, 1)),
    looks_every_ms BIGINT NOT NULL CHECK (looks_every_ms > 0)
);

-- Of which artifacts the last verification of a set does not know whether they open, because their hosts did not answer.
-- None in rows that are older than this column: what was not looked at was counted with what did not open.
ALTER TABLE verification ADD COLUMN unseen BIGINT;
-- Their numbers, as far as they were named, and the hosts with the reason of each.
ALTER TABLE verification ADD COLUMN unseen_artifacts TEXT;
ALTER TABLE verification ADD COLUMN unseen_hosts TEXT;
