-- What PostgreSQL alone needs.

-- The number of each writer's last transaction: what became of a commit whose answer was lost is read here.
CREATE TABLE commit_mark (
    writer TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL
);

-- SQLite's name for it.
CREATE FUNCTION instr(text, text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT strpos($1, $2)';
