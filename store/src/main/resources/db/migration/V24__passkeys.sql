-- Passkeys of people (docs/portal.md). id: the credential's, base64url; public_key: a COSE_Key.
CREATE TABLE person_passkey (
    id TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    public_key ${bytes} NOT NULL,
    sign_count BIGINT NOT NULL,
    can_be_backed_up BIGINT NOT NULL CHECK (can_be_backed_up IN (0, 1)),
    backed_up BIGINT NOT NULL CHECK (backed_up IN (0, 1)),
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    -- as the browser says them, with commas between
    transports TEXT NOT NULL
);
CREATE INDEX person_passkey_of_person ON person_passkey (person, created_at);

-- Challenges that were answered, until they would be over: none is answered twice.
CREATE TABLE passkey_challenge (
    id TEXT NOT NULL PRIMARY KEY,
    over BIGINT NOT NULL
);
CREATE INDEX passkey_challenge_over ON passkey_challenge (over);

-- The person's password alone lets nobody in.
ALTER TABLE person ADD COLUMN passkey_required BIGINT NOT NULL DEFAULT 0 CHECK (passkey_required IN (0, 1));
