-- People, who sign in with a name and a password (docs/portal.md). An id is never a principal's as well.
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
);

-- hash: SHA-256 of what the link carries. One for each person.
CREATE TABLE person_link (
    hash TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL UNIQUE REFERENCES person (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);

-- hash: SHA-256 of what the browser keeps.
CREATE TABLE person_session (
    hash TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    how TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    address TEXT NOT NULL
);
CREATE INDEX person_session_of_person ON person_session (person, created_at);
CREATE INDEX person_session_seen ON person_session (seen_at);

-- What kind of somebody holds the role. Until now there were programs and the identities of resources alone.
ALTER TABLE role_assignment ADD COLUMN holder TEXT NOT NULL DEFAULT 'SERVICE_PRINCIPAL';
