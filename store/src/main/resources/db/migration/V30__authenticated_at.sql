-- When the person who lets a client in had signed in to the portal, which the client is told (OpenID Connect Core, 2:
-- auth_time). Of clients that were let in before this is not known: the time at which they were is the nearest.
ALTER TABLE client_sign_in ADD COLUMN authenticated_at BIGINT NOT NULL DEFAULT 0;
UPDATE client_sign_in SET authenticated_at = created_at;
-- Once somebody has allowed it.
ALTER TABLE device_code ADD COLUMN authenticated_at BIGINT;
UPDATE device_code SET authenticated_at = created_at WHERE person IS NOT NULL;
