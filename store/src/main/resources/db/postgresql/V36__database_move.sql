-- At most one row: this database is being filled from a data directory, was filled from one, or was left for one
-- (docs/migrate.md). A server uses it only where there is no row, or the state is ARRIVED.
-- digest: of all that was to be copied, so that a second run goes on with the same alone. other: the directory.
CREATE TABLE database_move (
    only_one BIGINT NOT NULL PRIMARY KEY CHECK (only_one = 1),
    installation TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ARRIVING', 'ARRIVED', 'LEAVING', 'LEFT')),
    digest TEXT NOT NULL,
    other TEXT NOT NULL,
    at BIGINT NOT NULL
);
