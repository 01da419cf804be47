package dev.keyturn.core.outside;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.people.GroupName;
import dev.keyturn.core.people.Outside;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.PersonGroup;
import dev.keyturn.core.people.PersonGroupStore;
import dev.keyturn.core.people.PersonRows;
import dev.keyturn.core.people.SignIn;
import dev.keyturn.core.people.SignIn.Started;
import dev.keyturn.core.people.SignIn.Visit;
import dev.keyturn.core.people.SignInName;
import dev.keyturn.core.time.ServerTime;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/**
 * Lets people in whom a provider outside has signed in. They are known by issuer and subject; who comes first gets a person.
 * The groups that the provider says are brought to what it says at every sign-in, before the session begins. Every sign-in,
 * every refused one, and every change of a group is recorded. Thread-safe; must not be called inside a transaction.
 */
public final class OutsideSignIn {
    private final Parts parts;
    private final Outside outside;
    private final Scope subscription;

    /** What it stands on. */
    public record Parts(
            Transactions transactions,
            PersonRows people,
            PersonGroupStore groups,
            OutsideStore outsiders,
            SignIn signIn,
            Doors doors,
            ServerTime time,
            Clock clock) {}

    /** @param outside with the issuer of the provider */
    public OutsideSignIn(Parts parts, Outside outside, Scope subscription) {
        this.parts = parts;
        this.outside = outside;
        this.subscription = subscription;
    }

    /**
     * What the provider says of somebody, and was proven.
     *
     * @param groups of those that the provider says, in which the person is
     * @param letIn whether who is in these groups may come in
     * @param shownAt when the person showed to the provider who it is, by the server's own time; empty where the provider
     *     does not say that this was for this sign-in
     */
    public record Shown(
            String subject,
            String name,
            String displayName,
            Set<GroupName> groups,
            boolean letIn,
            Optional<Instant> shownAt) {
        public Shown {
            groups = Set.copyOf(groups);
        }
    }

    /**
     * Begins a session.
     *
     * @param before what the browser has of an earlier session, which ends
     * @throws dev.keyturn.core.model.DomainException {@code Unauthenticated} with the code of an {@link OutsideRefusal}
     */
    public Started enter(Visit visit, Shown shown, Optional<String> before) {
        Optional<Outsider> known = parts.transactions().read(tx -> known(tx, shown));
        Optional<PrincipalId> person = known.flatMap(Outsider::person);
        if (known.isPresent() && person.isEmpty()) {
            throw refuse(visit, Optional.of(shown.subject()), OutsideRefusal.SHUT_OUT);
        }
        if (!shown.letIn()) {
            person.ifPresent(p -> leave(visit, p));
            throw refuse(visit, Optional.of(shown.subject()), OutsideRefusal.NOT_LET_IN);
        }
        PrincipalId id = person.orElseGet(() -> make(visit, shown));
        align(visit, id, shown.groups());
        Person who = parts.transactions()
                .read(tx -> parts.people().store().find(tx, id))
                .orElseThrow(() -> refuse(visit, Optional.of(shown.subject()), OutsideRefusal.SHUT_OUT));
        String by = FromOutside.target(issuer(), Optional.of(shown.subject()));
        return parts.signIn().from(visit, who, by, shown.shownAt(), before, tx -> {
            // deleted meanwhile, it stays out
            if (known(tx, shown).flatMap(Outsider::person).filter(id::equals).isEmpty()) {
                throw new DomainError.Unauthenticated(OutsideRefusal.SHUT_OUT.info()).asException();
            }
            parts.outsiders()
                    .signedIn(tx, issuer(), shown.subject(), parts.time().latest())
                    .require(shown.subject());
            parts.people()
                    .store()
                    .rename(tx, id, displayName(shown, who.name()))
                    .require(id);
        });
    }

    /**
     * Notes that an answer of the provider was taken, until it would be over.
     *
     * @return false where it was taken before
     */
    public boolean first(String answer, Instant over) {
        return parts.transactions()
                .write(tx ->
                        parts.people().passkeys().answered(tx, answer, over).hit());
    }

    /** Records that nobody came in, and why; what to throw then. */
    public RuntimeException refuse(Visit visit, Optional<String> subject, OutsideRefusal why) {
        try {
            parts.doors().require(visit.by(SignIn.NOBODY), new FromOutside(issuer(), subject, why));
        } catch (DomainException e) {
            return e;
        }
        throw new IllegalStateException("a refusal was let pass");
    }

    private Optional<Outsider> known(Tx tx, Shown shown) {
        return parts.outsiders().find(tx, issuer(), shown.subject());
    }

    private PrincipalId make(Visit visit, Shown shown) {
        SignInName name = SignInName.parse(shown.name())
                .orElseThrow(() -> refuse(visit, Optional.of(shown.subject()), OutsideRefusal.NAME_UNUSABLE));
        Optional<PrincipalId> made = parts.doors()
                .act(
                        server(visit),
                        Action.PERSON_WRITE,
                        subscription,
                        permit -> permit.write(tx -> {
                            Optional<PrincipalId> there = known(tx, shown).flatMap(Outsider::person);
                            if (there.isPresent()) { // the same one in another browser
                                permit.nothing();
                                return there;
                            }
                            if (parts.people().store().find(tx, name).isPresent()) {
                                permit.nothing();
                                return Optional.<PrincipalId>empty();
                            }
                            Person fresh = parts.people().make(tx, name, displayName(shown, name), issuer());
                            permit.on("/people/" + fresh.id());
                            parts.outsiders()
                                    .insert(
                                            tx,
                                            new Outsider(
                                                    issuer(),
                                                    shown.subject(),
                                                    Optional.of(fresh.id()),
                                                    name.text(),
                                                    parts.time().latest()))
                                    .require(shown.subject());
                            return Optional.of(fresh.id());
                        }));
        return made.orElseThrow(() -> refuse(visit, Optional.of(shown.subject()), OutsideRefusal.NAME_TAKEN));
    }

    private static String displayName(Shown shown, SignInName name) {
        String text = shown.displayName()
                .codePoints()
                .filter(c -> !Character.isISOControl(c))
                .limit(Person.LONGEST_DISPLAY_NAME / 2)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
        return text.isBlank() ? name.text() : text;
    }

    /** First out, then in: nobody has for a moment what they have neither before nor after. */
    private void align(Visit visit, PrincipalId person, Set<GroupName> wanted) {
        Comparator<GroupName> outFirst = Comparator.comparing(wanted::contains);
        outside.groups().stream()
                .sorted(outFirst.thenComparing(GroupName::key))
                .forEach(group -> align(visit, person, group, wanted.contains(group)));
    }

    private void align(Visit visit, PrincipalId person, GroupName name, boolean in) {
        Optional<PersonGroup> group = parts.transactions()
                .read(tx -> parts.groups()
                        .find(tx, name)
                        .filter(g -> parts.groups().of(tx, person).contains(g) != in));
        group.ifPresent(g -> parts.doors()
                .act(
                        server(visit),
                        Action.PERSON_GROUP_MEMBERS_WRITE,
                        subscription,
                        permit -> permit.on("/groups/" + g.id() + "/members/" + person)
                                .write(tx -> {
                                    boolean changed = in
                                            ? parts.people()
                                                            .store()
                                                            .find(tx, person)
                                                            .isPresent()
                                                    && parts.groups()
                                                            .add(
                                                                    tx,
                                                                    g.id(),
                                                                    person,
                                                                    parts.clock()
                                                                            .instant(),
                                                                    issuer())
                                                            .hit()
                                            : parts.groups()
                                                    .remove(tx, g.id(), person)
                                                    .hit();
                                    if (!changed) {
                                        permit.nothing();
                                    }
                                    return changed;
                                })));
    }

    /** Who is let in no more has no group of the provider, no session and no program that goes on. */
    private void leave(Visit visit, PrincipalId person) {
        align(visit, person, Set.of());
        parts.doors()
                .act(
                        server(visit),
                        parts.doors().roles(Action.SIGN_OUT, FromOutside.PEOPLE),
                        permit -> permit.on("/people/" + person).write(tx -> {
                            parts.people().store().signOut(tx, person);
                            return person;
                        }));
    }

    private static Call server(Visit visit) {
        return Call.server(Call.SERVER, visit.correlation());
    }

    private String issuer() {
        return outside.issuer().orElseThrow();
    }
}
