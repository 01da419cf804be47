package dev.keyturn.core.identity;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The rows of principals and their secrets. */
@CheckReturnValue
public interface PrincipalStore extends RoleHolders {
    @Override
    default Optional<HolderKind> kind(Tx tx, PrincipalId id) {
        return find(tx, id).map(_ -> HolderKind.SERVICE_PRINCIPAL);
    }

    /** Missed, and nothing changed, where object id, app id or resource is taken. */
    Hit insert(Tx tx, Principal principal);

    Optional<Principal> find(Tx tx, PrincipalId id);

    Optional<Principal> findByAppId(Tx tx, UUID appId);

    /** The managed identity of a resource. */
    Optional<Principal> findByResource(Tx tx, ArmId resource);

    /** Service principals and managed identities by object id, from after {@code after}. */
    List<Principal> page(Tx tx, Optional<PrincipalId> after, int limit);

    /** Deletes the principal and its secrets; its role assignments are another store's. Missed where there was none. */
    Hit delete(Tx tx, PrincipalId id);

    void insertSecret(Tx tx, ClientSecret secret);

    /** Oldest first. */
    List<ClientSecret> secrets(Tx tx, PrincipalId id);

    /** Missed where the principal has no such secret. */
    Hit deleteSecret(Tx tx, PrincipalId id, UUID keyId);

    /** Missed where there is a certificate with that {@code keyId} already, whoever's. */
    Hit insertCertificate(Tx tx, ClientCertificate certificate);

    /** Oldest first. */
    List<ClientCertificate> certificates(Tx tx, PrincipalId id);

    /** Missed where the principal has no such certificate. */
    Hit deleteCertificate(Tx tx, PrincipalId id, UUID keyId);
}
