package dev.keyturn.core.identity;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The rows of principals and their secrets. */
public interface PrincipalStore {
    /** False, and nothing changed, where object id, app id or resource is taken. */
    boolean insert(Tx tx, Principal principal);

    Optional<Principal> find(Tx tx, PrincipalId id);

    Optional<Principal> findByAppId(Tx tx, UUID appId);

    /** The managed identity of a resource. */
    Optional<Principal> findByResource(Tx tx, ArmId resource);

    /** Service principals and managed identities by object id, from after {@code after}. */
    List<Principal> page(Tx tx, Optional<PrincipalId> after, int limit);

    /** Deletes the principal and its secrets; its role assignments are another store's. False where there was none. */
    boolean delete(Tx tx, PrincipalId id);

    void insertSecret(Tx tx, ClientSecret secret);

    /** Oldest first. */
    List<ClientSecret> secrets(Tx tx, PrincipalId id);

    /** False where the principal has no such secret. */
    boolean deleteSecret(Tx tx, PrincipalId id, UUID keyId);

    /** False where there is a certificate with that {@code keyId} already, whoever's. */
    boolean insertCertificate(Tx tx, ClientCertificate certificate);

    /** Oldest first. */
    List<ClientCertificate> certificates(Tx tx, PrincipalId id);

    /** False where the principal has no such certificate. */
    boolean deleteCertificate(Tx tx, PrincipalId id, UUID keyId);
}
