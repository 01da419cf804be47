-- The servers that use this database (docs/nodes.md). live_until is by the database's clock; the row of a node that has
-- stopped stays, with a time that is over. program_schema: the newest version of this schema that the node's program knows.
CREATE TABLE node (
    name TEXT NOT NULL PRIMARY KEY,
    instance TEXT NOT NULL,
    address TEXT NOT NULL,
    program_schema BIGINT NOT NULL,
    live_until BIGINT NOT NULL
);
