-- Clients that people sign in with (docs/portal.md). What a client keeps is here as its SHA-256 alone.

-- state: WAITING, ALLOWED (then person is there), REFUSED.
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
);
CREATE INDEX device_code_of_address ON device_code (address);
CREATE INDEX device_code_of_person ON device_code (person);
CREATE INDEX device_code_over ON device_code (expires_at);

-- sign_in: what the code was given for, once it was; a code that comes again ends it.
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
);
CREATE INDEX authorization_code_of_person ON authorization_code (person);
CREATE INDEX authorization_code_over ON authorization_code (expires_at);

-- A client in which a person is signed in, with the refresh token that is good now, the one before it, and what the one
-- came from the other by.
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
);
CREATE INDEX client_sign_in_of_person ON client_sign_in (person, created_at);
CREATE INDEX client_sign_in_renewed ON client_sign_in (renewed_at);
