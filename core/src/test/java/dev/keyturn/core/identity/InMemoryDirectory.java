package dev.keyturn.core.identity;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Principals and role assignments in lists, for rules that need no database. */
final class InMemoryDirectory implements PrincipalStore, RoleAssignmentStore, Transactions {
    private static final Tx TX = new Tx() {};
    private final List<Principal> principals = new ArrayList<>();
    private final List<ClientSecret> secrets = new ArrayList<>();
    private final List<ClientCertificate> certificates = new ArrayList<>();
    private final List<RoleAssignment> assignments = new ArrayList<>();

    @Override
    public <T> T read(Function<Tx, T> work) {
        return work.apply(TX);
    }

    @Override
    public <T> T write(Function<Tx, T> work) {
        return work.apply(TX);
    }

    @Override
    public Hit insert(Tx tx, Principal p) {
        boolean taken = principals.stream()
                .anyMatch(q -> q.id().equals(p.id())
                        || q.appId().equals(p.appId())
                        || (p.isManagedIdentity() && q.resource().equals(p.resource())));
        return Hit.of(!taken && principals.add(p));
    }

    @Override
    public Optional<Principal> find(Tx tx, PrincipalId id) {
        return principals.stream().filter(p -> p.id().equals(id)).findFirst();
    }

    @Override
    public Optional<Principal> findByAppId(Tx tx, UUID appId) {
        return principals.stream().filter(p -> p.appId().equals(appId)).findFirst();
    }

    @Override
    public Optional<Principal> findByResource(Tx tx, ArmId resource) {
        return principals.stream()
                .filter(p -> p.resource().equals(Optional.of(resource)))
                .findFirst();
    }

    @Override
    public List<Principal> page(Tx tx, Optional<PrincipalId> after, int limit) {
        return principals.stream()
                .sorted(Comparator.comparing(p -> p.id().toString()))
                .filter(p -> after.map(a -> p.id().toString().compareTo(a.toString()) > 0)
                        .orElse(true))
                .limit(limit)
                .toList();
    }

    @Override
    public Hit delete(Tx tx, PrincipalId id) {
        secrets.removeIf(s -> s.principal().equals(id));
        return Hit.of(principals.removeIf(p -> p.id().equals(id)));
    }

    @Override
    public void insertSecret(Tx tx, ClientSecret secret) {
        secrets.add(secret);
    }

    @Override
    public List<ClientSecret> secrets(Tx tx, PrincipalId id) {
        return secrets.stream().filter(s -> s.principal().equals(id)).toList();
    }

    @Override
    public Hit deleteSecret(Tx tx, PrincipalId id, UUID keyId) {
        return Hit.of(
                secrets.removeIf(s -> s.principal().equals(id) && s.keyId().equals(keyId)));
    }

    @Override
    public Hit insertCertificate(Tx tx, ClientCertificate certificate) {
        return Hit.of(certificates.stream().noneMatch(c -> c.keyId().equals(certificate.keyId()))
                && certificates.add(certificate));
    }

    @Override
    public List<ClientCertificate> certificates(Tx tx, PrincipalId id) {
        return certificates.stream().filter(c -> c.principal().equals(id)).toList();
    }

    @Override
    public Hit deleteCertificate(Tx tx, PrincipalId id, UUID keyId) {
        return Hit.of(
                certificates.removeIf(c -> c.principal().equals(id) && c.keyId().equals(keyId)));
    }

    @Override
    public Hit insert(Tx tx, RoleAssignment a) {
        boolean taken = find(tx, a.scope(), a.name()).isPresent()
                || find(tx, a.scope(), a.role(), a.principal()).isPresent();
        return Hit.of(!taken && assignments.add(a));
    }

    @Override
    public Optional<RoleAssignment> find(Tx tx, Scope scope, UUID name) {
        return assignments.stream()
                .filter(a -> a.scope().equals(scope) && a.name().equals(name))
                .findFirst();
    }

    @Override
    public Optional<RoleAssignment> find(Tx tx, Scope scope, UUID role, PrincipalId principal) {
        return held(tx, principal, List.of(scope)).stream()
                .filter(a -> a.role().equals(role))
                .findFirst();
    }

    @Override
    public Hit delete(Tx tx, Scope scope, UUID name) {
        return Hit.of(
                assignments.removeIf(a -> a.scope().equals(scope) && a.name().equals(name)));
    }

    @Override
    public List<RoleAssignment> held(Tx tx, PrincipalId principal, List<Scope> scopes) {
        return at(tx, scopes).stream()
                .filter(a -> a.principal().equals(principal))
                .toList();
    }

    @Override
    public List<RoleAssignment> at(Tx tx, List<Scope> scopes) {
        return assignments.stream().filter(a -> scopes.contains(a.scope())).toList();
    }

    @Override
    public List<RoleAssignment> below(Tx tx, Scope scope) {
        return assignments.stream()
                .filter(a -> scope.covers(a.scope()) && !scope.equals(a.scope()))
                .toList();
    }

    @Override
    public List<RoleAssignment> heldBelow(Tx tx, PrincipalId principal, Scope scope) {
        return below(tx, scope).stream()
                .filter(a -> a.principal().equals(principal))
                .toList();
    }

    @Override
    public void deleteOf(Tx tx, PrincipalId principal) {
        assignments.removeIf(a -> a.principal().equals(principal));
    }

    @Override
    public void deleteWithin(Tx tx, Scope scope) {
        assignments.removeIf(a -> scope.covers(a.scope()));
    }
}
