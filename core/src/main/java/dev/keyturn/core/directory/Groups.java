package dev.keyturn.core.directory;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.RoleAssignmentStore;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.outside.HsmAdministrators;
import dev.keyturn.core.outside.OutsideStore;
import dev.keyturn.core.people.GroupName;
import dev.keyturn.core.people.Outside;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.PersonGroup;
import dev.keyturn.core.people.PersonGroup.Member;
import dev.keyturn.core.people.PersonGroupStore;
import dev.keyturn.core.people.PersonStore;
import dev.keyturn.core.people.SignInName;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Groups of people, changed by whoever may: it takes {@link Action#PERSON_GROUP_WRITE} at the subscription. To put somebody
 * into a group is to give them its roles: where the group has local roles in a managed HSM, it takes the right to assign
 * roles there too. Every method refuses as {@code Forbidden} first, and records what it did under {@code /groups/<id>}.
 * What a person may do changes from the next request on. Thread-safe.
 */
public final class Groups {
    private final Parts parts;
    private final Scope subscription;
    private final HsmAdministrators administrators;

    /** What it stands on. */
    public record Parts(
            Transactions transactions,
            PersonGroupStore groups,
            PersonStore people,
            RoleAssignmentStore assignments,
            Access access,
            Doors doors,
            Clock clock,
            Outside outside,
            OutsideStore outsiders) {}

    public Groups(Parts parts, Scope subscription) {
        this.parts = parts;
        this.subscription = subscription;
        this.administrators =
                new HsmAdministrators(parts.assignments(), parts.people(), parts.outsiders(), parts.outside());
    }

    /** Refuses a caller that may make no groups: before a body is read. */
    public void requireWrite(Call call) {
        parts.doors().require(call, Action.PERSON_GROUP_WRITE, subscription);
    }

    /** Refuses a caller that may change the members of no group: before one is looked for. */
    public void requireMembers(Call call) {
        parts.doors().require(call, Action.PERSON_GROUP_MEMBERS_WRITE, subscription);
    }

    /** Refuses a caller that may delete no group. */
    public void requireDelete(Call call) {
        parts.doors().require(call, Action.PERSON_GROUP_DELETE, subscription);
    }

    /** By name, from after {@code after}. */
    public List<PersonGroup> page(Call call, Optional<GroupName> after, int limit) {
        requireRead(call);
        return parts.transactions().read(tx -> parts.groups().page(tx, after, limit));
    }

    /** @throws dev.keyturn.core.model.DomainException {@code NotFound} where there is no such group */
    public PersonGroup find(Call call, String name) {
        requireRead(call);
        return GroupName.parse(name)
                .flatMap(n -> parts.transactions().read(tx -> parts.groups().find(tx, n)))
                .orElseThrow(() -> missing(name));
    }

    /** Who is in the group, by name, from after {@code after}; nobody where there is no such group. */
    public List<Member> members(Call call, PrincipalId group, Optional<SignInName> after, int limit) {
        requireRead(call);
        return parts.transactions().read(tx -> parts.groups().members(tx, group, after, limit));
    }

    /**
     * Makes a group with nobody in it and no role.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Conflict} where the name is taken
     */
    public PersonGroup make(Call call, GroupName name, String description) {
        return parts.doors()
                .act(
                        call,
                        Action.PERSON_GROUP_WRITE,
                        subscription,
                        permit -> permit.write(tx -> {
                            PersonGroup made = new PersonGroup(
                                    new PrincipalId(UUID.randomUUID()),
                                    name,
                                    description,
                                    parts.clock().instant(),
                                    call.caller().name());
                            if (parts.groups().insert(tx, made).missed()) {
                                throw new DomainError.Conflict(ErrorInfo.at(
                                                "name",
                                                "GroupExists",
                                                "There is a group '" + name + "' already. Choose another name."))
                                        .asException();
                            }
                            permit.on(target(made.id()));
                            return made;
                        }));
    }

    /**
     * Deletes a group with its role assignments. Its members lose at once what they had by it alone.
     *
     * @throws dev.keyturn.core.model.DomainException {@code NotFound} where there is no such group
     */
    public PersonGroup delete(Call call, PrincipalId id) {
        return parts.doors()
                .act(
                        call,
                        Action.PERSON_GROUP_DELETE,
                        subscription,
                        permit -> permit.on(target(id)).write(tx -> {
                            PersonGroup group = ownGroup(tx, id);
                            LastAdministrator.requireOther(tx, administrators, id, "deleted");
                            parts.assignments().deleteOf(tx, id);
                            parts.groups().delete(tx, id).require(id);
                            return group;
                        }));
    }

    /**
     * Puts a person into a group; nothing happens where it is in it.
     *
     * @throws dev.keyturn.core.model.DomainException {@code NotFound} where there is no such group or person
     */
    public Person add(Call call, PrincipalId id, SignInName name) {
        Ask give = Ask.all(
                parts.doors().roles(Action.PERSON_GROUP_MEMBERS_WRITE, subscription),
                List.of(new ActingAs(parts.assignments(), parts.access(), id)));
        return parts.doors()
                .act(
                        call,
                        give,
                        permit -> permit.on(target(id)).write(tx -> {
                            PersonGroup group = ownGroup(tx, id);
                            Person person = person(tx, name);
                            permit.on(target(id, person));
                            boolean there = parts.groups()
                                    .add(
                                            tx,
                                            group.id(),
                                            person.id(),
                                            parts.clock().instant(),
                                            call.caller().name())
                                    .missed();
                            if (there) {
                                permit.nothing();
                            }
                            return person;
                        }));
    }

    /**
     * Takes a person out of a group; nothing happens where it was not in it.
     *
     * @throws dev.keyturn.core.model.DomainException {@code NotFound} where there is no such group or person
     */
    public Person remove(Call call, PrincipalId id, SignInName name) {
        return parts.doors()
                .act(
                        call,
                        Action.PERSON_GROUP_MEMBERS_WRITE,
                        subscription,
                        permit -> permit.on(target(id)).write(tx -> {
                            PersonGroup group = group(tx, id);
                            Person person = person(tx, name);
                            permit.on(target(id, person));
                            // whom the provider does not know would never be taken out by it
                            saidBy(group)
                                    .filter(issuer -> isOf(tx, person.id(), issuer))
                                    .ifPresent(issuer -> {
                                        throw said(group, issuer);
                                    });
                            if (parts.groups()
                                    .remove(tx, group.id(), person.id())
                                    .missed()) {
                                permit.nothing();
                            }
                            return person;
                        }));
    }

    private void requireRead(Call call) {
        parts.doors().require(call, Action.PERSON_GROUP_READ, subscription);
    }

    /** The issuer of the provider that says who is in the group, which nobody changes by hand then. */
    public Optional<String> saidBy(PersonGroup group) {
        return parts.outside().issuer().filter(_ -> parts.outside().maps(group));
    }

    /** Of these members, whom the provider says nothing of although it says who is in the group: they are taken out here. */
    public Set<PrincipalId> leftHere(PersonGroup group, List<Member> members) {
        Optional<String> issuer = saidBy(group);
        return issuer.isEmpty()
                ? Set.of()
                : parts.transactions()
                        .read(tx -> members.stream()
                                .map(m -> m.person().id())
                                .filter(id -> !isOf(tx, id, issuer.get()))
                                .collect(Collectors.toSet()));
    }

    private boolean isOf(Tx tx, PrincipalId person, String issuer) {
        return parts.outsiders()
                .find(tx, person)
                .filter(o -> o.issuer().equals(issuer))
                .isPresent();
    }

    private PersonGroup ownGroup(Tx tx, PrincipalId id) {
        PersonGroup group = group(tx, id);
        saidBy(group).ifPresent(issuer -> {
            throw said(group, issuer);
        });
        return group;
    }

    private static RuntimeException said(PersonGroup group, String issuer) {
        return DomainError.notAllowed("Who is in the group '" + group.name() + "' is said by " + issuer
                        + ", at every sign-in. Change it there; that the provider says it is set in --oidc-config.")
                .asException();
    }

    private PersonGroup group(Tx tx, PrincipalId id) {
        return parts.groups().find(tx, id).orElseThrow(() -> missing(id.toString()));
    }

    private Person person(Tx tx, SignInName name) {
        return parts.people()
                .find(tx, name)
                .orElseThrow(() -> new DomainError.NotFound(
                                ErrorInfo.of("PersonNotFound", "There is no person '" + name + "' here."))
                        .asException());
    }

    private static RuntimeException missing(String which) {
        return new DomainError.NotFound(
                        ErrorInfo.of("GroupNotFound", "There is no group of people '" + which + "' here."))
                .asException();
    }

    private static String target(PrincipalId id) {
        return "/groups/" + id;
    }

    private static String target(PrincipalId id, Person person) {
        return target(id) + "/members/" + person.id();
    }
}
