-- Certificates that a service principal may sign in with instead of a secret. Public: nothing here is secret.
CREATE TABLE client_certificate (
    key_id TEXT NOT NULL PRIMARY KEY,
    principal_id TEXT NOT NULL REFERENCES principal (id) ON DELETE CASCADE,
    certificate ${bytes} NOT NULL,
    display_name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX client_certificate_of_principal ON client_certificate (principal_id, created_at);
