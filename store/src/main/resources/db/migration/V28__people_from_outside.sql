-- People whom a provider outside signs in (docs/portal.md), known by issuer and subject. person: NULL once it was deleted
-- here; the row stays, so that the same one does not come in as somebody new.
CREATE TABLE person_outside (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person TEXT UNIQUE REFERENCES person (id) ON DELETE SET NULL,
    name TEXT NOT NULL,
    signed_in_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
