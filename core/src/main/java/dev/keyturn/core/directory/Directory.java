package dev.keyturn.core.directory;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.ClientCertificate;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Principals;
import dev.keyturn.core.identity.Principals.NewSecret;
import dev.keyturn.core.identity.RoleAssignmentStore;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Hit;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Service principals and what they sign in with, changed by whoever may: it takes {@link Action#PRINCIPAL_WRITE} at the
 * subscription, for the credentials of a principal with local roles in a managed HSM the right to assign roles there too,
 * and a principal rolls its own certificates without either. Every method refuses as {@code Forbidden} first, and records
 * what it did under {@code /servicePrincipals/<id>}. Thread-safe.
 *
 * <p>Signing in, and reading who there is, is asked of {@link Principals}.
 */
public final class Directory {
    private final Principals principals;
    private final RoleAssignmentStore assignments;
    private final Access access;
    private final Doors doors;
    private final Scope subscription;

    public Directory(
            Principals principals, RoleAssignmentStore assignments, Access access, Doors doors, Scope subscription) {
        this.principals = principals;
        this.assignments = assignments;
        this.access = access;
        this.doors = doors;
        this.subscription = subscription;
    }

    private Ask write() {
        return doors.roles(Action.PRINCIPAL_WRITE, subscription);
    }

    private Ask give(PrincipalId id) {
        return Ask.all(write(), List.of(new ActingAs(assignments, access, id)));
    }

    /** Refuses a caller that may not make, delete or disarm principals: before a body is read, or a principal looked for. */
    public void requireWrite(Call call) {
        doors.require(call, write());
    }

    /** Refuses a caller that may not give the principal something to sign in with. */
    public void requireGive(Call call, PrincipalId id) {
        doors.require(call, give(id));
    }

    /** Refuses a caller that is not the principal, and may not give it something to sign in with. */
    public void requireRoll(Call call, PrincipalId id) {
        doors.require(call, new OwnOr(id, give(id)));
    }

    /** Refuses a caller that is not the principal, and may not take away what it signs in with. */
    public void requireUnroll(Call call, PrincipalId id) {
        doors.require(call, new OwnOr(id, write()));
    }

    /**
     * A new service principal with the certificates that {@code certificates} makes for it: all of it or nothing.
     *
     * @throws dev.keyturn.core.model.DomainException as {@link Principals#createServicePrincipal}
     */
    public Principal create(
            Call call, String displayName, Function<PrincipalId, List<ClientCertificate>> certificates) {
        return doors.act(
                call,
                write(),
                permit -> permit.write(tx -> {
                    Principal made = principals.createServicePrincipal(tx, displayName, certificates);
                    permit.on(target(made.id()));
                    return made;
                }));
    }

    /**
     * As {@link Principals#adopt}.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Conflict} where it is here already
     */
    public Principal adopt(Call call, UUID appId, String displayName) {
        return doors.act(
                call,
                write(),
                permit -> permit.write(tx -> {
                    Principal made = principals
                            .adopt(tx, appId, displayName)
                            .orElseThrow(() -> new DomainError.Conflict(ErrorInfo.of(
                                            "Request_MultipleObjectsWithSameKeyValue",
                                            "The service principal cannot be created, updated, or restored because the"
                                                    + " service principal name " + appId + " is already in use."))
                                    .asException());
                    permit.on(target(made.id()));
                    return made;
                }));
    }

    /**
     * Deletes a service principal, its secrets and its role assignments.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Conflict} for the caller itself and for the identity of a
     *     resource, {@code NotFound} where there is none
     */
    public void delete(Call call, PrincipalId id) {
        boolean done = doors.act(
                call,
                write(),
                permit -> permit.on(target(id)).write(tx -> {
                    if (id.equals(call.caller().principal())) {
                        throw DomainError.notAllowed(
                                        "A service principal cannot delete itself: nobody could sign in as it again.")
                                .asException();
                    }
                    Optional<Principal> managed = principals.find(tx, id).filter(Principal::isManagedIdentity);
                    managed.ifPresent(p -> {
                        throw DomainError.notAllowed("'" + p.displayName()
                                        + "' is the identity of a resource and is deleted with that resource.")
                                .asException();
                    });
                    if (!principals.deleteServicePrincipal(tx, id)) {
                        throw new DomainError.NotFound(ErrorInfo.of(
                                        "Request_ResourceNotFound",
                                        "Resource '" + id + "' does not exist in this directory."))
                                .asException();
                    }
                    return true;
                }));
        Hit.of(done).require(id);
    }

    /** @throws dev.keyturn.core.model.DomainException {@code NotFound} where there is no such service principal */
    public NewSecret addSecret(Call call, PrincipalId id, String displayName, Optional<Instant> expiresAt) {
        return doors.act(
                call,
                give(id),
                permit -> permit.on(target(id)).write(tx -> {
                    NewSecret made = principals.addServiceSecret(tx, id, displayName, expiresAt);
                    permit.on(
                            target(id) + "/passwordCredentials/" + made.stored().keyId());
                    return made;
                }));
    }

    /**
     * Takes a secret away at once; tokens that it brought live until they expire.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Invalid} where there is none
     */
    public void removeSecret(Call call, PrincipalId id, UUID keyId) {
        boolean done = doors.act(
                call,
                write(),
                permit -> permit.on(target(id) + "/passwordCredentials/" + keyId)
                        .write(tx -> requireFound(principals.removeSecret(tx, id, keyId), "password")));
        Hit.of(done).require(keyId);
    }

    /** As {@link Principals#replace}. */
    public void replace(
            Call call, PrincipalId id, List<ClientCertificate> certificates, Optional<List<UUID>> secretsKept) {
        boolean done = doors.act(
                call,
                give(id),
                permit -> permit.on(target(id)).write(tx -> principals.replace(tx, id, certificates, secretsKept)));
        if (!done) {
            throw new IllegalStateException("not replaced: " + id);
        }
    }

    /** As {@link Principals#addCertificate}; that the caller holds the private key of another one is checked before. */
    public ClientCertificate addCertificate(Call call, ClientCertificate certificate) {
        PrincipalId id = certificate.principal();
        return doors.act(
                call,
                new OwnOr(id, give(id)),
                permit -> permit.on(target(id) + "/keyCredentials/" + certificate.keyId())
                        .write(tx -> principals.addCertificate(tx, certificate)));
    }

    /**
     * Takes a certificate away at once; tokens that it brought live until they expire.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Invalid} where there is none
     */
    public void removeCertificate(Call call, PrincipalId id, UUID keyId) {
        boolean done = doors.act(
                call,
                new OwnOr(id, write()),
                permit -> permit.on(target(id) + "/keyCredentials/" + keyId)
                        .write(tx -> requireFound(principals.removeCertificate(tx, id, keyId), "key")));
        Hit.of(done).require(keyId);
    }

    private static boolean requireFound(boolean found, String kind) {
        if (!found) {
            throw new DomainError.Invalid(
                            ErrorInfo.at("keyId", "Request_BadRequest", "No " + kind + " credential found with keyId."))
                    .asException();
        }
        return true;
    }

    private static String target(PrincipalId id) {
        return "/servicePrincipals/" + id;
    }
}
