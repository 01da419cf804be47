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
import dev.keyturn.core.outside.FromOutside;
import dev.keyturn.core.outside.HsmAdministrators;
import dev.keyturn.core.outside.OutsideStore;
import dev.keyturn.core.outside.Outsider;
import dev.keyturn.core.people.Outside;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.PersonRows;
import dev.keyturn.core.people.SignInName;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * People, changed by whoever may: it takes {@link Action#PERSON_WRITE} at the subscription, and for a new way to sign in of
 * a person with local roles in a managed HSM the right to assign roles there too. Every method refuses as {@code
 * Forbidden} first, and records what it did under {@code /people/<id>}. Thread-safe.
 */
public final class People {
    private final Transactions transactions;
    private final PersonRows people;
    private final RoleAssignmentStore assignments;
    private final Access access;
    private final Doors doors;
    private final Scope subscription;
    private final OutsideStore outsiders;
    private final Outside outside;
    private final HsmAdministrators administrators;

    public People(
            Transactions transactions,
            PersonRows people,
            RoleAssignmentStore assignments,
            Access access,
            Doors doors,
            Scope subscription,
            OutsideStore outsiders,
            Outside outside) {
        this.transactions = transactions;
        this.people = people;
        this.assignments = assignments;
        this.access = access;
        this.doors = doors;
        this.subscription = subscription;
        this.outsiders = outsiders;
        this.outside = outside;
        this.administrators = new HsmAdministrators(assignments, people.store(), outsiders, outside);
    }

    /** A person who has not signed in yet, or not since; {@code link} is shown this one time. */
    public record Invited(Person person, String link) {
        @Override
        public String toString() {
            return "Invited[" + person.name() + ", redacted]";
        }
    }

    /** Refuses a caller that may not write people: before a body is read. */
    public void requireWrite(Call call) {
        doors.require(call, write());
    }

    /** Refuses a caller that may give nobody a new link: before a person is looked for. */
    public void requireReset(Call call) {
        doors.require(call, Action.PERSON_PASSWORD_WRITE, subscription);
    }

    /** Refuses a caller that may delete nobody. */
    public void requireDelete(Call call) {
        doors.require(call, Action.PERSON_DELETE, subscription);
    }

    /** By name, from after {@code after}. */
    public List<Person> page(Call call, Optional<SignInName> after, int limit) {
        doors.require(call, Action.PERSON_READ, subscription);
        return transactions.read(tx -> people.store().page(tx, after, limit));
    }

    /** How many passkeys a person has, and whether the password alone lets nobody in. */
    public record Passkeys(int count, boolean required) {}

    /** Of these people. */
    public Map<PrincipalId, Passkeys> passkeys(Call call, List<Person> of) {
        doors.require(call, Action.PERSON_READ, subscription);
        return transactions.read(tx -> of.stream()
                .collect(Collectors.toMap(
                        Person::id,
                        p -> new Passkeys(
                                people.passkeys().of(tx, p.id()).size(),
                                people.passkeys().required(tx, p.id())))));
    }

    /** @throws dev.keyturn.core.model.DomainException {@code NotFound} where there is no such person */
    public Person find(Call call, String name) {
        doors.require(call, Action.PERSON_READ, subscription);
        return SignInName.parse(name)
                .flatMap(n -> transactions.read(tx -> people.store().find(tx, n)))
                .orElseThrow(() -> missing(name));
    }

    /** Empty where nobody has the id. */
    public Optional<Person> find(Call call, PrincipalId id) {
        doors.require(call, Action.PERSON_READ, subscription);
        return transactions.read(tx -> people.store().find(tx, id));
    }

    /**
     * Makes a person, with no role, and a link to sign in with.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Conflict} where the name is taken
     */
    public Invited invite(Call call, SignInName name, String displayName) {
        return doors.act(
                call,
                write(),
                permit -> permit.write(tx -> {
                    requireOwnPeople("Nobody is invited here: who signs in there the first time gets a person.");
                    Person made =
                            people.make(tx, name, displayName, call.caller().name());
                    permit.on(target(made.id()));
                    return new Invited(made, people.link(tx, made.id()));
                }));
    }

    /**
     * A new link for a person who cannot sign in any more. The earlier link, the password, the
     * passkeys with the wish for one, and the sessions end. Where a provider outside signs people in, password and passkeys
     * are closed and stay as they are: they are the way in again once it does not any more.
     *
     * @throws dev.keyturn.core.model.DomainException {@code NotFound} where there is no such person
     */
    public Invited reset(Call call, PrincipalId id) {
        return doors.act(
                call,
                Ask.all(
                        doors.roles(Action.PERSON_PASSWORD_WRITE, subscription),
                        List.of(new ActingAs(assignments, access, id))),
                permit -> permit.on(target(id)).write(tx -> {
                    if (id.equals(call.caller().principal())) {
                        throw DomainError.notAllowed("Nobody makes a new link for themselves: a browser that is left"
                                        + " open would be enough to take an account over. Change your password, which"
                                        + " takes the present one.")
                                .asException();
                    }
                    Person person = people.store().find(tx, id).orElseThrow(() -> missing(id.toString()));
                    requireEmergency(tx, call, id);
                    if (outside.signsIn()) { // password and passkeys are closed: kept for when they are not
                        people.store().signOut(tx, id);
                    } else {
                        people.disarm(tx, id);
                    }
                    return new Invited(person, people.link(tx, id));
                }));
    }

    /**
     * Deletes a person with its role assignments; its sessions end at once.
     *
     * @throws dev.keyturn.core.model.DomainException {@code NotFound} where there is no such person, {@code Conflict}
     *     where it is the caller
     */
    public Person delete(Call call, PrincipalId id) {
        return doors.act(
                call,
                doors.roles(Action.PERSON_DELETE, subscription),
                permit -> permit.on(target(id)).write(tx -> {
                    if (id.equals(call.caller().principal())) {
                        throw DomainError.notAllowed("Nobody can delete themselves: somebody else has to.")
                                .asException();
                    }
                    Person person = people.store().find(tx, id).orElseThrow(() -> missing(id.toString()));
                    LastAdministrator.requireOther(tx, administrators, id, "deleted");
                    assignments.deleteOf(tx, id);
                    people.store().delete(tx, id).require(id);
                    return person;
                }));
    }

    /** Who signs people in instead of this server. */
    public Outside outside() {
        return outside;
    }

    /** Of these people, those whom a provider outside has signed in: who they are there. */
    public Map<PrincipalId, Outsider> outsiders(Call call, List<Person> of) {
        doors.require(call, Action.PERSON_READ, subscription);
        return transactions.read(tx -> of.stream()
                .flatMap(p -> outsiders.find(tx, p.id()).stream())
                .collect(Collectors.toMap(o -> o.person().orElseThrow(), Function.identity())));
    }

    /** Those of a provider whose people were deleted here, so that they stay out; by name, so many at most. */
    public List<Outsider> shutOut(Call call, int limit) {
        doors.require(call, Action.PERSON_READ, subscription);
        return transactions.read(tx -> outsiders.shutOut(tx, limit));
    }

    /**
     * Lets somebody of a provider in again whose person was deleted: the next sign-in makes another person, without the
     * roles of the one before. Nothing happens where nobody is shut out so.
     */
    public void readmit(Call call, String issuer, String subject) {
        doors.act(
                call,
                write(),
                permit -> permit.on(FromOutside.target(issuer, Optional.of(subject)))
                        .write(tx -> {
                            Hit was = outsiders.readmit(tx, issuer, subject);
                            if (was.missed()) {
                                permit.nothing();
                            }
                            return was;
                        }));
    }

    private void requireOwnPeople(String instead) {
        outside.issuer().ifPresent(issuer -> {
            throw DomainError.notAllowed("People sign in at " + issuer + ". " + instead)
                    .asException();
        });
    }

    /** While a provider signs people in, a link is for emergencies: made by a program, for somebody whom it does not know. */
    private void requireEmergency(Tx tx, Call call, PrincipalId id) {
        if (people.store().find(tx, call.caller().principal()).isPresent()) {
            requireOwnPeople(
                    "A link, for when the provider is away, is made by a program with the right to, and by no person:"
                            + " ./keyturn admin reset-password on the server.");
        }
        if (outsiders.find(tx, id).isPresent()) {
            requireOwnPeople("This person does. A link is for somebody whom the provider does not know.");
        }
    }

    private Ask write() {
        return doors.roles(Action.PERSON_WRITE, subscription);
    }

    private static RuntimeException missing(String who) {
        return new DomainError.NotFound(ErrorInfo.of("PersonNotFound", "There is no person '" + who + "' here."))
                .asException();
    }

    private static String target(PrincipalId id) {
        return "/people/" + id;
    }
}
