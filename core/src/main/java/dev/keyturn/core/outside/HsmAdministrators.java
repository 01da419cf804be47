package dev.keyturn.core.outside;

import dev.keyturn.core.identity.HsmRoles;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.RoleAssignment;
import dev.keyturn.core.identity.RoleAssignmentStore;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.people.Outside;
import dev.keyturn.core.people.PersonStore;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Who administers managed HSMs and can come in: Azure's roles give nothing in one, so nobody could help from outside
 * (docs/permissions.md). While a provider outside signs people in, a person whom it does not know has the emergency link
 * alone, which for somebody with local roles takes another administrator: such a person does not count. Thread-safe.
 */
public record HsmAdministrators(
        RoleAssignmentStore assignments, PersonStore people, OutsideStore outsiders, Outside outside) {
    private static final Scope HSMS = new Scope("/hsm");

    /** The names of the managed HSMs in which {@code who} is administrator and, without {@code who}, nobody who counts is. */
    public List<String> orphanedWithout(Tx tx, PrincipalId who) {
        return names(
                tx,
                all -> all.stream().anyMatch(a -> a.principal().equals(who))
                        && all.stream().noneMatch(a -> !a.principal().equals(who) && counts(tx, a.principal())));
    }

    /** The names of the managed HSMs that have administrators, of whom none counts. */
    public List<String> unreachable(Tx tx) {
        return names(tx, all -> all.stream().noneMatch(a -> counts(tx, a.principal())));
    }

    private List<String> names(Tx tx, Predicate<List<RoleAssignment>> wanted) {
        Map<Scope, List<RoleAssignment>> administrators = assignments.below(tx, HSMS).stream()
                .filter(a -> a.role().equals(HsmRoles.ADMINISTRATOR.id()))
                .collect(Collectors.groupingBy(RoleAssignment::scope));
        return administrators.values().stream()
                .filter(wanted)
                .flatMap(all -> all.getFirst().scope().hsmName().stream())
                .sorted()
                .toList();
    }

    private boolean counts(Tx tx, PrincipalId id) {
        return !outside.signsIn()
                || people.find(tx, id).isEmpty()
                || outsiders
                        .find(tx, id)
                        .filter(o -> outside.issuer().equals(Optional.of(o.issuer())))
                        .isPresent();
    }
}
