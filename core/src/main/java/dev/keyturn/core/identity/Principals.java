package dev.keyturn.core.identity;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Service principals with their secrets and certificates, and the identities of resources. Asks nobody whether this may
 * be done and records nothing: what changes them is called by who has asked, inside its transaction ({@code
 * core.directory}). Thread-safe.
 */
public final class Principals implements ManagedIdentities {
    /** A principal adds its own without any right; each one is stored, and tried at each of its sign-ins. */
    static final int MOST_CERTIFICATES = 100;

    private final Transactions transactions;
    private final PrincipalStore principals;
    private final RoleAssignmentStore assignments;
    private final Clock clock;
    private final SecureRandom random;

    public Principals(
            Transactions transactions,
            PrincipalStore principals,
            RoleAssignmentStore assignments,
            Clock clock,
            SecureRandom random) {
        this.transactions = transactions;
        this.principals = principals;
        this.assignments = assignments;
        this.clock = clock;
        this.random = random;
    }

    /** A secret just made. The text is shown this one time; only its hash is kept. */
    public record NewSecret(ClientSecret stored, String text) {
        @Override
        public String toString() {
            return "NewSecret[" + stored.keyId() + ", redacted]";
        }
    }

    /** A new service principal without a secret. */
    public Principal createServicePrincipal(Tx tx, String displayName) {
        return insert(tx, displayName, Optional.empty());
    }

    /**
     * A new service principal with the certificates that {@code certificates} makes for it: all of it or nothing.
     * {@code certificates} must have no effect of its own.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Conflict} where the {@code keyId} of one is taken, {@code
     *     Invalid} where there are too many
     */
    public Principal createServicePrincipal(
            Tx tx, String displayName, Function<PrincipalId, List<ClientCertificate>> certificates) {
        Principal made = createServicePrincipal(tx, displayName);
        certificates.apply(made.id()).forEach(c -> insert(tx, c));
        return made;
    }

    /**
     * The service principal here of an application that lives in another directory; empty where it is here already.
     * Nobody can sign in as it until it is given a secret.
     */
    public Optional<Principal> adopt(Tx tx, UUID appId, String displayName) {
        Principal made = new Principal(
                new PrincipalId(UUID.randomUUID()), appId, displayName, Optional.empty(), clock.instant());
        return principals.insert(tx, made).hit() ? Optional.of(made) : Optional.empty();
    }

    /** Adds a secret to those the service principal has. */
    public NewSecret addSecret(Tx tx, PrincipalId id, String displayName, Optional<Instant> expiresAt) {
        UUID keyId = UUID.randomUUID();
        String text = ClientSecrets.random(random);
        ClientSecret stored = new ClientSecret(
                keyId,
                id,
                ClientSecrets.hash(keyId, text),
                text.substring(0, ClientSecrets.HINT),
                displayName,
                clock.instant(),
                expiresAt);
        principals.insertSecret(tx, stored);
        return new NewSecret(stored, text);
    }

    /** @throws dev.keyturn.core.model.DomainException {@code NotFound} where there is no such service principal */
    public NewSecret addServiceSecret(Tx tx, PrincipalId id, String displayName, Optional<Instant> expiresAt) {
        return addSecret(tx, requireService(tx, id).id(), displayName, expiresAt);
    }

    /** Takes a secret away at once; tokens that it brought live until they expire. False where there is none. */
    public boolean removeSecret(Tx tx, PrincipalId id, UUID keyId) {
        return principals.deleteSecret(tx, requireService(tx, id).id(), keyId).hit();
    }

    public List<ClientSecret> secrets(PrincipalId id) {
        return transactions.read(tx -> principals.secrets(tx, id));
    }

    /**
     * Replaces all certificates that the service principal may sign in with, and takes away every secret that is not
     * among {@code secretsKept}, where that is said.
     *
     * @throws dev.keyturn.core.model.DomainException {@code NotFound} where there is no such service principal, {@code
     *     Conflict} where the {@code keyId} of a certificate is another's, {@code Invalid} where there are too many
     */
    public boolean replace(
            Tx tx, PrincipalId id, List<ClientCertificate> certificates, Optional<List<UUID>> secretsKept) {
        PrincipalId owner = requireService(tx, id).id();
        for (ClientSecret secret : principals.secrets(tx, owner)) {
            if (secretsKept.filter(kept -> !kept.contains(secret.keyId())).isPresent()) {
                principals.deleteSecret(tx, owner, secret.keyId()).require(secret.keyId());
            }
        }
        for (ClientCertificate old : principals.certificates(tx, owner)) {
            principals.deleteCertificate(tx, owner, old.keyId()).require(old.keyId());
        }
        certificates.forEach(c -> insert(tx, c));
        return true;
    }

    /**
     * Adds a certificate to those the service principal may sign in with.
     *
     * @throws dev.keyturn.core.model.DomainException as {@link #replace}
     */
    public ClientCertificate addCertificate(Tx tx, ClientCertificate certificate) {
        requireService(tx, certificate.principal());
        insert(tx, certificate);
        return certificate;
    }

    /** Takes a certificate away at once; tokens that it brought live until they expire. False where there is none. */
    public boolean removeCertificate(Tx tx, PrincipalId id, UUID keyId) {
        return principals
                .deleteCertificate(tx, requireService(tx, id).id(), keyId)
                .hit();
    }

    public List<ClientCertificate> certificates(PrincipalId id) {
        return transactions.read(tx -> principals.certificates(tx, id));
    }

    /** The service principal that signs in with this secret; empty for a wrong or an expired one alike. */
    public Optional<Principal> authenticate(UUID appId, String secret) {
        Instant now = clock.instant();
        return transactions.read(tx -> principals
                .findByAppId(tx, appId)
                .filter(p -> !p.isManagedIdentity())
                .filter(p -> principals.secrets(tx, p.id()).stream()
                        .filter(s -> s.expiresAt().map(now::isBefore).orElse(true))
                        .anyMatch(s -> ClientSecrets.matches(s, secret))));
    }

    public Optional<Principal> find(PrincipalId id) {
        return transactions.read(tx -> principals.find(tx, id));
    }

    public Optional<Principal> find(Tx tx, PrincipalId id) {
        return principals.find(tx, id);
    }

    public Optional<Principal> findByAppId(UUID appId) {
        return transactions.read(tx -> principals.findByAppId(tx, appId));
    }

    public List<Principal> page(Optional<PrincipalId> after, int limit) {
        return transactions.read(tx -> principals.page(tx, after, limit));
    }

    /** Deletes a service principal, its secrets and its role assignments; false where there is none. */
    public boolean deleteServicePrincipal(Tx tx, PrincipalId id) {
        return principals.find(tx, id).filter(p -> !p.isManagedIdentity()).isPresent()
                && delete(tx, id).hit();
    }

    @Override
    public PrincipalId create(Tx tx, ArmId resource) {
        return insert(tx, resource.name(), Optional.of(resource)).id();
    }

    @Override
    public Optional<PrincipalId> of(Tx tx, ArmId resource) {
        return principals.findByResource(tx, resource).map(Principal::id);
    }

    @Override
    public Optional<UUID> clientId(Tx tx, ArmId resource) {
        return principals.findByResource(tx, resource).map(Principal::appId);
    }

    @Override
    public void delete(Tx tx, ArmId resource) {
        principals
                .findByResource(tx, resource)
                .ifPresent(p -> delete(tx, p.id()).require(p.id()));
    }

    private Principal requireService(Tx tx, PrincipalId id) {
        return principals
                .find(tx, id)
                .filter(p -> !p.isManagedIdentity())
                .orElseThrow(() -> new DomainError.NotFound(ErrorInfo.of(
                                "Request_ResourceNotFound",
                                "Resource '" + id + "' does not exist or is not a service principal."))
                        .asException());
    }

    private void insert(Tx tx, ClientCertificate certificate) {
        if (principals.certificates(tx, certificate.principal()).size() >= MOST_CERTIFICATES) {
            throw new DomainError.Invalid(ErrorInfo.of(
                            "Directory_QuotaExceeded",
                            "A principal has " + MOST_CERTIFICATES + " certificates at most. Take another away first."))
                    .asException();
        }
        if (principals.insertCertificate(tx, certificate).missed()) {
            throw new DomainError.Conflict(ErrorInfo.of(
                            "Request_MultipleObjectsWithSameKeyValue",
                            "There is a certificate with keyId '" + certificate.keyId()
                                    + "' already. Give another keyId, or none."))
                    .asException();
        }
    }

    private Hit delete(Tx tx, PrincipalId id) {
        assignments.deleteOf(tx, id);
        return principals.delete(tx, id);
    }

    private Principal insert(Tx tx, String displayName, Optional<ArmId> resource) {
        Principal made = new Principal(
                new PrincipalId(UUID.randomUUID()), UUID.randomUUID(), displayName, resource, clock.instant());
        if (principals.insert(tx, made).missed()) {
            throw new IllegalStateException("a principal of " + displayName + " exists already");
        }
        return made;
    }
}
