package dev.keyturn.core.identity;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Grants and revokes roles, at ARM scopes and inside managed HSMs alike. Whether the caller may do so is asked by
 * whoever calls this. Thread-safe.
 */
public final class RoleAssignments {
    private final Transactions transactions;
    private final RoleAssignmentStore assignments;
    private final RoleHolders holders;
    private final Clock clock;

    public RoleAssignments(
            Transactions transactions, RoleAssignmentStore assignments, RoleHolders holders, Clock clock) {
        this.transactions = transactions;
        this.assignments = assignments;
        this.holders = holders;
        this.clock = clock;
    }

    /**
     * What is asked for; {@code name} is the client's choice. Where the client {@code said} what kind the principal is, it
     * need not be in this directory, or not yet.
     */
    public record Grant(
            UUID name,
            Scope scope,
            UUID role,
            PrincipalId principal,
            Optional<String> description,
            Optional<HolderKind> said) {
        public Grant(UUID name, Scope scope, UUID role, PrincipalId principal, Optional<String> description) {
            this(name, scope, role, principal, description, Optional.empty());
        }
    }

    /** The assignment, and whether it is new. */
    public record Granted(RoleAssignment assignment, boolean created) {}

    /**
     * Grants; asking again for the same under the same name changes nothing.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Invalid} for a role or principal that does not exist, or a
     *     role of the other kind than the scope; {@code Conflict} {@code RoleAssignmentExists} where the same grant has
     *     another name, {@code RoleAssignmentUpdateNotPermitted} where the name stands for another grant
     */
    public Granted grant(Tx tx, String by, Grant grant) {
        requireRole(grant);
        HolderKind holder = holders.kind(tx, grant.principal())
                .or(grant::said)
                .orElseThrow(() -> new DomainError.Invalid(ErrorInfo.at(
                                "properties.principalId",
                                "PrincipalNotFound",
                                "Principal " + grant.principal() + " does not exist in this directory."))
                        .asException());
        Optional<RoleAssignment> same = assignments.find(tx, grant.scope(), grant.name());
        if (same.isPresent()) {
            RoleAssignment present = same.get();
            if (present.role().equals(grant.role()) && present.principal().equals(grant.principal())) {
                return new Granted(present, false);
            }
            throw conflict(
                    "RoleAssignmentUpdateNotPermitted",
                    "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.");
        }
        RoleAssignment made = new RoleAssignment(
                grant.name(),
                grant.scope(),
                grant.role(),
                grant.principal(),
                grant.description(),
                clock.instant(),
                by,
                holder);
        if (assignments.insert(tx, made).missed()) {
            String other = assignments
                    .find(tx, grant.scope(), grant.role(), grant.principal())
                    .map(a -> " Its name is '" + a.name() + "'.")
                    .orElse("");
            throw conflict("RoleAssignmentExists", "The role assignment already exists." + other);
        }
        return new Granted(made, true);
    }

    public Optional<RoleAssignment> find(Scope scope, UUID name) {
        return transactions.read(tx -> assignments.find(tx, scope, name));
    }

    /** Revokes; empty where there was no such assignment. */
    public Optional<RoleAssignment> revoke(Tx tx, Scope scope, UUID name) {
        Optional<RoleAssignment> present = assignments.find(tx, scope, name);
        present.ifPresent(a -> assignments.delete(tx, scope, name).require(a.name()));
        return present;
    }

    /** Those that hold at the scope: made at it or above it. */
    public List<RoleAssignment> holding(Scope scope) {
        return transactions.read(tx -> assignments.at(tx, scope.upwards()));
    }

    /** Those made strictly below the scope. */
    public List<RoleAssignment> below(Scope scope) {
        return transactions.read(tx -> assignments.below(tx, scope));
    }

    /** Revokes everything at a scope that is gone, and below it. */
    public void forget(Tx tx, Scope scope) {
        assignments.deleteWithin(tx, scope);
    }

    private static void requireRole(Grant grant) {
        Role role = Roles.find(grant.role())
                .orElseThrow(() -> new DomainError.Invalid(ErrorInfo.at(
                                "properties.roleDefinitionId",
                                "RoleDefinitionDoesNotExist",
                                "The specified role definition with ID '" + grant.role() + "' does not exist."))
                        .asException());
        Role.Kind wanted = grant.scope().isHsm() ? Role.Kind.MANAGED_HSM : Role.Kind.AZURE;
        if (role.kind() != wanted) {
            throw DomainError.invalid(
                            "properties.roleDefinitionId",
                            "The role '" + role.name() + "' cannot be assigned here: "
                                    + (wanted == Role.Kind.AZURE
                                            ? "it is a local role of managed HSMs."
                                            : "a managed HSM has local roles of its own."))
                    .asException();
        }
    }

    private static RuntimeException conflict(String code, String message) {
        return new DomainError.Conflict(ErrorInfo.of(code, message)).asException();
    }
}
