package dev.keyturn.core.access;

import dev.keyturn.core.directory.OwnOr;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.HolderKind;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.RoleAssignment;
import dev.keyturn.core.identity.RoleAssignmentStore;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.people.PersonGroup;
import dev.keyturn.core.people.PersonGroupStore;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vault.KeyAccess;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.core.vault.VaultStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What somebody may do at a scope, and by which role or access policy: the answer of the same rules by which doors decide.
 * Everybody may ask it about themselves; about others it takes the right to read role assignments there. Thread-safe; must
 * not be called inside a transaction.
 */
public final class AccessReview {
    private static final Scope HSMS = new Scope("/hsm");

    private final Parts parts;
    private final Scope subscription;

    /** What it stands on. */
    public record Parts(
            Transactions transactions,
            Doors doors,
            RoleAssignmentStore assignments,
            PersonGroupStore groups,
            Holders holders,
            VaultStore vaults,
            KeyAccess keys) {}

    /** {@code subscription}: where it takes a right to know people by their names. */
    public AccessReview(Parts parts, Scope subscription) {
        this.parts = parts;
        this.subscription = subscription;
    }

    /** A role that somebody holds; {@code through} is the group of people that it was given to, where that is not they. */
    public record Held(RoleAssignment assignment, Role role, Optional<PersonGroup> through) {}

    /**
     * One action, and what allows it: a role, or an access policy of the vault.
     *
     * @param because empty where no role does
     * @param byPolicy whether the vault's access policies do
     */
    public record Verdict(Action action, Optional<Held> because, boolean byPolicy) {
        public boolean allowed() {
            return because.isPresent() || byPolicy;
        }
    }

    /**
     * The whole answer.
     *
     * @param policies whether access policies, and not roles, decide about the keys there
     */
    public record Answer(Holder who, Scope at, List<Held> held, List<Verdict> verdicts, boolean policies) {
        public Answer {
            held = List.copyOf(held);
            verdicts = List.copyOf(verdicts);
        }
    }

    /**
     * A role assignment with who has it.
     *
     * @param holder absent where there is nobody any more, or where the caller may not know
     * @param told whether the caller may know
     */
    public record Listed(RoleAssignment assignment, Optional<Role> role, Optional<Holder> holder, boolean told) {}

    /**
     * What somebody holds, as far as the caller may know.
     *
     * @param hidden how many local roles in managed HSMs there are besides, where the caller may not read assignments
     */
    public record Everything(List<Held> held, long hidden) {
        public Everything {
            held = List.copyOf(held);
        }
    }

    /**
     * @param who an object id or a name
     * @throws dev.keyturn.core.model.DomainException {@code Forbidden} for whom the caller may not ask about there; {@code
     *     Invalid} where nobody or more than one is of that name
     */
    public Answer review(Call call, String who, Scope at) {
        boolean own =
                PrincipalId.parse(who).filter(call.caller().principal()::equals).isPresent();
        if (!own) {
            requireRead(call, at); // before the name is looked up: who may not ask learns no names
        }
        return parts.transactions().read(tx -> answer(tx, call, named(tx, call, who), at));
    }

    /**
     * Who is meant by an object id or a name, for a caller that may read role assignments at the scope.
     *
     * @throws dev.keyturn.core.model.DomainException as {@link #review}
     */
    public Holder who(Call call, String text, Scope at) {
        requireRead(call, at);
        return parts.transactions().read(tx -> named(tx, call, text));
    }

    /** Refuses who may not read role assignments at the scope. */
    public void requireRead(Call call, Scope at) {
        parts.doors().require(call, reading(at), at);
    }

    /** Those of the list with who has them; for a caller that was allowed to read the list. */
    public List<Listed> named(Call call, List<RoleAssignment> assignments) {
        return parts.transactions().read(tx -> {
            Predicate<PrincipalId> known = known(tx, call);
            return assignments.stream()
                    .map(a -> listed(tx, a, known.test(a.principal())))
                    .toList();
        });
    }

    /** Those of them that there are, and whom the caller may know, by their ids. */
    public Map<PrincipalId, Holder> known(Call call, Collection<PrincipalId> some) {
        return parts.transactions().read(tx -> {
            Predicate<PrincipalId> known = known(tx, call);
            return some.stream()
                    .distinct()
                    .flatMap(id -> parts.holders().find(tx, id).stream())
                    .filter(h -> isProgram(h) || known.test(h.id()))
                    .collect(Collectors.toMap(Holder::id, Function.identity()));
        });
    }

    /** Whether people and groups are known to the caller by their names: they and their own groups always. */
    private Predicate<PrincipalId> known(Tx tx, Call call) {
        if (knowsPeople(tx, call)) {
            return _ -> true;
        }
        Set<PrincipalId> own = new HashSet<>(Set.of(call.caller().principal()));
        parts.groups().of(tx, call.caller().principal()).forEach(g -> own.add(g.id()));
        return own::contains;
    }

    /** Programs are known to everybody, as in Azure. */
    private static boolean isProgram(Holder holder) {
        return holder.kind() == HolderKind.SERVICE_PRINCIPAL;
    }

    private Listed listed(Tx tx, RoleAssignment assignment, boolean known) {
        Optional<Holder> holder = parts.holders().find(tx, assignment.principal());
        boolean told = known || holder.filter(h -> !isProgram(h)).isEmpty();
        return new Listed(assignment, Roles.find(assignment.role()), holder.filter(_ -> told), told);
    }

    /** Some of everybody whom the caller may know, for one that may read role assignments at the scope. */
    public List<Holder> suggestions(Call call, Scope at) {
        requireRead(call, at);
        return parts.transactions().read(tx -> parts.holders().some(tx, knowsPeople(tx, call)));
    }

    /** Who may not read people finds none by name; programs are known to everybody, as in Azure. */
    private Holder named(Tx tx, Call call, String text) {
        return parts.holders().named(tx, text, knowsPeople(tx, call));
    }

    private boolean knowsPeople(Tx tx, Call call) {
        return parts.doors()
                .roles(Action.PERSON_READ, subscription)
                .refusal(tx, call)
                .isEmpty();
    }

    /**
     * Every role that somebody holds at the subscription and below, and inside of managed HSMs where the caller may read
     * role assignments.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Forbidden} where the caller is somebody else and may not read
     *     role assignments at the subscription
     */
    public Everything everything(Call call, PrincipalId who) {
        parts.doors().require(call, new OwnOr(who, parts.doors().roles(Action.ROLE_ASSIGNMENT_READ, subscription)));
        boolean own = call.caller().principal().equals(who);
        return parts.transactions().read(tx -> {
            List<RoleAssignment> all = new ArrayList<>(parts.assignments().held(tx, who, subscription.upwards()));
            all.addAll(parts.assignments().heldBelow(tx, who, subscription));
            List<RoleAssignment> inHsms = parts.assignments().heldBelow(tx, who, HSMS);
            List<RoleAssignment> seen = inHsms.stream()
                    .filter(a -> own
                            || parts.doors()
                                    .roles(Action.HSM_ROLE_ASSIGNMENT_READ, a.scope())
                                    .refusal(tx, call)
                                    .isEmpty())
                    .toList();
            all.addAll(seen);
            return new Everything(held(tx, who, all), inHsms.size() - seen.size());
        });
    }

    private Answer answer(Tx tx, Call call, Holder who, Scope at) {
        List<Held> held = held(tx, who.id(), parts.assignments().held(tx, who.id(), at.upwards()));
        Optional<Vault> onPolicies = vault(tx, at).filter(KeyAccess::byPolicies);
        Set<Action> byPolicy =
                onPolicies.map(v -> byPolicy(tx, who.id(), v, key(at))).orElseGet(() -> EnumSet.noneOf(Action.class));
        List<Verdict> verdicts = Arrays.stream(Action.values())
                .filter(a -> Asked.at(a, at))
                .map(a -> onPolicies.isPresent() && isOfKeys(a)
                        ? new Verdict(a, Optional.empty(), byPolicy.contains(a))
                        : new Verdict(a, because(held, a, at), false))
                .toList();
        // that there is such a vault is nothing for those who may neither see nor use it
        boolean policies = onPolicies.isPresent()
                && (!byPolicy.isEmpty()
                        || parts.doors()
                                .roles(Action.VAULT_READ, at)
                                .refusal(tx, call)
                                .isEmpty());
        return new Answer(who, at, held, verdicts, policies);
    }

    /** The nearest role that grants it, as {@link dev.keyturn.core.identity.RoleAccess} decides. */
    private static Optional<Held> because(List<Held> held, Action action, Scope at) {
        Role.Kind kind = at.isHsm() ? Role.Kind.MANAGED_HSM : Role.Kind.AZURE;
        return held.stream()
                .filter(h -> h.role().kind() == kind && h.role().grants(action.azure()))
                .max((a, b) -> Integer.compare(
                        a.assignment().scope().path().length(),
                        b.assignment().scope().path().length()));
    }

    private List<Held> held(Tx tx, PrincipalId who, List<RoleAssignment> assignments) {
        Map<PrincipalId, PersonGroup> groups =
                parts.groups().of(tx, who).stream().collect(Collectors.toMap(PersonGroup::id, Function.identity()));
        return assignments.stream()
                .flatMap(a -> Roles.find(a.role()).stream()
                        .map(role -> new Held(a, role, Optional.ofNullable(groups.get(a.principal())))))
                .toList();
    }

    private Optional<Vault> vault(Tx tx, Scope at) {
        return at.upwards().stream()
                .flatMap(s -> s.id().stream())
                .filter(id -> id.hasType("Microsoft.KeyVault/vaults"))
                .flatMap(id -> parts.vaults().find(tx, id).stream())
                .findFirst();
    }

    private static Optional<String> key(Scope at) {
        return at.id()
                .filter(id -> id.hasType("Microsoft.KeyVault/vaults/keys"))
                .map(id -> id.name());
    }

    private Set<Action> byPolicy(Tx tx, PrincipalId who, Vault vault, Optional<String> key) {
        return Arrays.stream(KeyPermission.values())
                .filter(p -> p != KeyPermission.RANDOM)
                .filter(p -> parts.keys().may(tx, who, vault, p, key))
                .map(p -> p.asked(VaultKind.VAULT))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Action.class)));
    }

    private static boolean isOfKeys(Action action) {
        return Arrays.stream(KeyPermission.values())
                .filter(p -> p != KeyPermission.RANDOM)
                .anyMatch(p -> p.asked(VaultKind.VAULT) == action);
    }

    private static Action reading(Scope at) {
        return at.isHsm() ? Action.HSM_ROLE_ASSIGNMENT_READ : Action.ROLE_ASSIGNMENT_READ;
    }
}
