package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.HolderKind;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.RoleAssignment;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.vault.AccessPolicy;
import dev.keyturn.core.vault.HsmAssignments;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.server.portal.frame.Visitor;
import dev.keyturn.server.portal.vaults.VaultPage.Holder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who may do something with the keys of a vault, by name, with the role and where it was given. */
final class Holders {
    private static final Comparator<Holder> ORDER =
            Comparator.comparing(Holder::name, String.CASE_INSENSITIVE_ORDER).thenComparing(Holder::role);

    private final VaultDesk desk;

    Holders(VaultDesk desk) {
        this.desk = desk;
    }

    /** Empty where the person may not see it. */
    Optional<List<Holder>> of(Visitor visitor, Vault vault) {
        Names names = new Names(visitor);
        if (vault.kind() == VaultKind.MANAGED_HSM) {
            Scope inside = Scope.hsm(vault.name());
            return desk.may(visitor, Action.HSM_ROLE_ASSIGNMENT_READ, inside)
                    ? Optional.of(local(visitor, vault, inside, names))
                    : Optional.empty();
        }
        if (!vault.rbac()) {
            return Optional.of(vault.policies().stream()
                    .filter(p -> !p.keys().isEmpty())
                    .map(p -> byPolicy(p, names))
                    .sorted(ORDER)
                    .toList());
        }
        Scope at = Scope.of(vault.resource().id());
        return desk.may(visitor, Action.ROLE_ASSIGNMENT_READ, at)
                ? Optional.of(byRoles(visitor, at, names))
                : Optional.empty();
    }

    /** What would let the person see it. */
    static String blind(VaultKind kind) {
        return switch (kind) {
            case VAULT -> "You may not see who may use its keys. Reader at the vault allows it.";
            case MANAGED_HSM ->
                "You may not see who may use its keys. A local role inside of it allows it, as Managed HSM Crypto"
                        + " Auditor.";
        };
    }

    private List<Holder> byRoles(Visitor visitor, Scope at, Names names) {
        return desk.services().grants().list(visitor.call(), at, true).stream()
                .flatMap(a -> role(a, VaultKind.VAULT).map(r -> holder(a, r, from(a.scope(), at), names)).stream())
                .sorted(ORDER)
                .toList();
    }

    private List<Holder> local(Visitor visitor, Vault hsm, Scope inside, Names names) {
        HsmAssignments.Place place = new HsmAssignments.Place(hsm, inside);
        return desk.services().hsmAssignments().list(visitor.call(), place, true).stream()
                .flatMap(a ->
                        Roles.find(a.role()).map(r -> holder(a, r, localScope(place.local(a.scope())), names)).stream())
                .sorted(ORDER)
                .toList();
    }

    /** The role, where it is one that does something with keys. */
    private static Optional<Role> role(RoleAssignment assignment, VaultKind kind) {
        return Roles.find(assignment.role())
                .filter(role -> Arrays.stream(KeyPermission.values())
                        .filter(p -> p != KeyPermission.RANDOM)
                        .anyMatch(p -> role.grants(p.action(kind))));
    }

    private static Holder holder(RoleAssignment assignment, Role role, String from, Names names) {
        return new Holder(names.of(assignment.principal()), kind(assignment.holder()), role.name(), from);
    }

    private static Holder byPolicy(AccessPolicy policy, Names names) {
        return new Holder(
                names.of(policy.principal()),
                policy.application().isPresent() ? "through an application" : "",
                "Key permissions " + String.join(", ", policy.keys()),
                "access policy");
    }

    private static String kind(HolderKind kind) {
        return switch (kind) {
            case USER -> "person";
            case SERVICE_PRINCIPAL -> "program or identity";
            case GROUP, FOREIGN_GROUP -> "group";
            case DEVICE -> "device";
        };
    }

    private static String localScope(String path) {
        return switch (path) {
            case "/" -> "the managed HSM";
            case "/keys" -> "all its keys";
            default -> "key " + path.substring(path.lastIndexOf('/') + 1);
        };
    }

    private static String from(Scope given, Scope vault) {
        if (given.equals(vault)) {
            return "this vault";
        }
        return given.id()
                .map(id -> {
                    if (vault.covers(given)) {
                        return "key " + id.name();
                    }
                    return id.equals(ArmId.TENANT)
                            ? "everything"
                            : id.isGroup() ? "resource group " + id.name() : "the subscription";
                })
                .orElse(given.path());
    }

    /** What people call somebody, as far as the person may see who there is. */
    private final class Names {
        private final Visitor visitor;
        private final boolean people;
        private final Map<PrincipalId, String> known = new HashMap<>();

        Names(Visitor visitor) {
            this.visitor = visitor;
            this.people = desk.may(visitor, Action.PERSON_READ, desk.all());
        }

        String of(PrincipalId id) {
            return known.computeIfAbsent(
                    id,
                    i -> desk.services()
                            .principals()
                            .find(i)
                            .map(Names::name)
                            .or(() -> people
                                    ? desk.node()
                                            .transactions()
                                            .read(tx -> desk.node().holders().find(tx, i))
                                            .map(Names::told)
                                    : Optional.empty())
                            .or(() -> i.equals(visitor.person().id()) ? Optional.of("You") : Optional.empty())
                            .orElseGet(() -> "Object id " + i));
        }

        private static String told(dev.keyturn.core.access.Holder holder) {
            return holder.kind() == HolderKind.GROUP ? holder.name() : holder.detail() + " (" + holder.name() + ")";
        }

        private static String name(Principal principal) {
            return principal.resource().map(r -> "Identity of " + r.name()).orElseGet(principal::displayName);
        }
    }
}
