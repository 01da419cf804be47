package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.access.AccessReview;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.HolderKind;
import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.RoleAssignment;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.vault.AccessPolicy;
import dev.keyturn.core.vault.HsmAssignments;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.server.portal.frame.Place;
import dev.keyturn.server.portal.frame.Visitor;
import dev.keyturn.server.portal.vaults.VaultPage.Holder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Who may do something with the keys of a vault, by name, with the role and where it was given. */
final class Holders {
    private static final Comparator<Holder> ORDER =
            Comparator.comparing(Holder::name, String.CASE_INSENSITIVE_ORDER).thenComparing(Holder::role);

    private final VaultDesk desk;
    private final AccessReview review;

    Holders(VaultDesk desk) {
        this.desk = desk;
        this.review = desk.node().accessReview(desk.subscription());
    }

    /** Empty where the person may not see it. */
    Optional<List<Holder>> of(Visitor visitor, Vault vault) {
        if (vault.kind() == VaultKind.MANAGED_HSM) {
            Scope inside = Scope.hsm(vault.name());
            return desk.may(visitor, Action.HSM_ROLE_ASSIGNMENT_READ, inside)
                    ? Optional.of(local(visitor, vault, inside))
                    : Optional.empty();
        }
        if (!vault.rbac()) {
            return Optional.of(byPolicies(visitor, vault));
        }
        Scope at = Scope.of(vault.resource().id());
        return desk.may(visitor, Action.ROLE_ASSIGNMENT_READ, at)
                ? Optional.of(byRoles(visitor, at))
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

    private List<Holder> byRoles(Visitor visitor, Scope at) {
        return holders(
                visitor,
                desk.services().grants().list(visitor.call(), at, true).stream()
                        .filter(a ->
                                Roles.find(a.role()).filter(Holders::opensKeys).isPresent())
                        .toList(),
                at);
    }

    private List<Holder> local(Visitor visitor, Vault hsm, Scope inside) {
        HsmAssignments.Place place = new HsmAssignments.Place(hsm, inside);
        return holders(visitor, desk.services().hsmAssignments().list(visitor.call(), place, true), inside);
    }

    private List<Holder> holders(Visitor visitor, List<RoleAssignment> assignments, Scope at) {
        Names names = Names.of(
                visitor,
                review,
                assignments.stream().map(RoleAssignment::principal).toList());
        return assignments.stream()
                .flatMap(a -> Roles.find(a.role())
                        .map(role -> new Holder(
                                names.name(a.principal()), kind(a.holder()), role.name(), from(a.scope(), at)))
                        .stream())
                .sorted(ORDER)
                .toList();
    }

    private List<Holder> byPolicies(Visitor visitor, Vault vault) {
        List<AccessPolicy> policies =
                vault.policies().stream().filter(p -> !p.keys().isEmpty()).toList();
        Names names = Names.of(
                visitor, review, policies.stream().map(AccessPolicy::principal).toList());
        return policies.stream()
                .map(p -> new Holder(
                        names.name(p.principal()),
                        p.application().isPresent() ? "through an application" : "",
                        "Key permissions " + String.join(", ", p.keys()),
                        "access policy"))
                .sorted(ORDER)
                .toList();
    }

    /** Whether a role does something with keys. */
    private static boolean opensKeys(Role role) {
        return Arrays.stream(KeyPermission.values())
                .filter(p -> p != KeyPermission.RANDOM)
                .anyMatch(p -> role.grants(p.action(VaultKind.VAULT)));
    }

    private static String kind(HolderKind kind) {
        return switch (kind) {
            case USER -> "person";
            case SERVICE_PRINCIPAL -> "program or identity";
            case GROUP, FOREIGN_GROUP -> "group";
            case DEVICE -> "device";
        };
    }

    private static String from(Scope given, Scope at) {
        return given.equals(at) && !at.isHsm() ? "this vault" : Place.of(given).name();
    }
}
