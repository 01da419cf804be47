package dev.keyturn.store;

import dev.keyturn.core.identity.ClientCertificate;
import dev.keyturn.core.identity.ClientSecret;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.PrincipalStore;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Principals and the hashes of their secrets. */
final class SqlPrincipalStore implements PrincipalStore {
    private static final String SELECT = "SELECT id, app_id, display_name, resource, created_at FROM principal";

    @Override
    public Hit insert(Tx tx, Principal principal) {
        return Hit.of(SqlTx.of(tx)
                        .update(
                                """
                                INSERT INTO principal (id, app_id, display_name, resource, resource_key, created_at)
                                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                                principal.id(),
                                principal.appId(),
                                principal.displayName(),
                                principal.resource().map(ArmId::toString),
                                principal.resource(),
                                principal.createdAt())
                == 1);
    }

    @Override
    public Optional<Principal> find(Tx tx, PrincipalId id) {
        return SqlTx.of(tx).one(SELECT + " WHERE id = ?", SqlPrincipalStore::read, id);
    }

    @Override
    public Optional<Principal> findByAppId(Tx tx, UUID appId) {
        return SqlTx.of(tx).one(SELECT + " WHERE app_id = ?", SqlPrincipalStore::read, appId);
    }

    @Override
    public Optional<Principal> findByResource(Tx tx, ArmId resource) {
        return SqlTx.of(tx).one(SELECT + " WHERE resource_key = ?", SqlPrincipalStore::read, resource);
    }

    @Override
    public List<Principal> page(Tx tx, Optional<PrincipalId> after, int limit) {
        return SqlTx.of(tx)
                .list(
                        SELECT + " WHERE id > ? ORDER BY id LIMIT ?",
                        SqlPrincipalStore::read,
                        after.map(PrincipalId::toString).orElse(""),
                        limit);
    }

    @Override
    public Hit delete(Tx tx, PrincipalId id) {
        return Hit.of(SqlTx.of(tx).update("DELETE FROM principal WHERE id = ?", id) == 1);
    }

    @Override
    public void insertSecret(Tx tx, ClientSecret secret) {
        SqlTx.of(tx)
                .update(
                        """
                        INSERT INTO client_secret
                            (key_id, principal_id, hash, hint, display_name, created_at, expires_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?)""",
                        secret.keyId(),
                        secret.principal(),
                        secret.hash(),
                        secret.hint(),
                        secret.displayName(),
                        secret.createdAt(),
                        secret.expiresAt());
    }

    @Override
    public List<ClientSecret> secrets(Tx tx, PrincipalId id) {
        return SqlTx.of(tx)
                .list(
                        """
                        SELECT key_id, principal_id, hash, hint, display_name, created_at, expires_at
                        FROM client_secret WHERE principal_id = ? ORDER BY created_at, key_id""",
                        row -> new ClientSecret(
                                row.uuid(),
                                row.principal(),
                                row.bytes(),
                                row.text(),
                                row.text(),
                                row.time(),
                                row.optionalTime()),
                        id);
    }

    @Override
    public Hit deleteSecret(Tx tx, PrincipalId id, UUID keyId) {
        return Hit.of(
                SqlTx.of(tx).update("DELETE FROM client_secret WHERE principal_id = ? AND key_id = ?", id, keyId) == 1);
    }

    @Override
    public Hit insertCertificate(Tx tx, ClientCertificate certificate) {
        return Hit.of(SqlTx.of(tx)
                        .update(
                                """
                                INSERT INTO client_certificate
                                    (key_id, principal_id, certificate, display_name, created_at)
                                VALUES (?, ?, ?, ?, ?) ON CONFLICT (key_id) DO NOTHING""",
                                certificate.keyId(),
                                certificate.principal(),
                                certificate.der(),
                                certificate.displayName(),
                                certificate.createdAt())
                == 1);
    }

    @Override
    public List<ClientCertificate> certificates(Tx tx, PrincipalId id) {
        return SqlTx.of(tx)
                .list(
                        """
                        SELECT key_id, principal_id, certificate, display_name, created_at
                        FROM client_certificate WHERE principal_id = ? ORDER BY created_at, key_id""",
                        row -> new ClientCertificate(row.uuid(), row.principal(), row.bytes(), row.text(), row.time()),
                        id);
    }

    @Override
    public Hit deleteCertificate(Tx tx, PrincipalId id, UUID keyId) {
        return Hit.of(
                SqlTx.of(tx).update("DELETE FROM client_certificate WHERE principal_id = ? AND key_id = ?", id, keyId)
                        == 1);
    }

    private static Principal read(Row row) throws SQLException {
        return new Principal(row.principal(), row.uuid(), row.text(), row.optionalArmId(), row.time());
    }
}
