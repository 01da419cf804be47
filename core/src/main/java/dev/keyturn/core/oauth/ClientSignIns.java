package dev.keyturn.core.oauth;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.outside.OutsideStore;
import dev.keyturn.core.outside.Outsider;
import dev.keyturn.core.people.Outside;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.PersonStore;
import dev.keyturn.core.people.RandomToken;
import dev.keyturn.core.people.SignIn;
import dev.keyturn.core.people.SignIn.SignedIn;
import dev.keyturn.core.time.ServerTime;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Clients in which people are signed in: kept so by refresh tokens, each good once, and known again by what their access
 * tokens name. Whatever ends the person's sessions ends them at once. Thread-safe; must not be called inside a
 * transaction.
 */
public final class ClientSignIns {
    /** Of one person; with one more the oldest ends. */
    static final int MOST = 50;

    private final Transactions transactions;
    private final OAuthStore store;
    private final PersonStore people;
    private final Doors doors;
    private final ServerTime time;
    private final SecureRandom random;
    private final OutsideStore outsiders;
    private final Outside outside;

    public ClientSignIns(
            Transactions transactions,
            OAuthStore store,
            PersonStore people,
            Doors doors,
            ServerTime time,
            SecureRandom random,
            OutsideStore outsiders,
            Outside outside) {
        this.outsiders = outsiders;
        this.outside = outside;
        this.transactions = transactions;
        this.store = store;
        this.people = people;
        this.doors = doors;
        this.time = time;
        this.random = random;
    }

    /**
     * What a client is given; {@code refresh} is told this one time. {@code authenticatedAt}: when the person had signed in
     * to the portal, the same for as long as the client stays signed in (OpenID Connect Core, 12.2).
     */
    public record Given(Person person, String signIn, String refresh, Instant authenticatedAt) {
        @Override
        public String toString() {
            return "Given[" + person.name() + ", redacted]";
        }
    }

    /** Whether letting a client in is refused before the person has signed in again. */
    public boolean mustSignInAgain(SignedIn signedIn) {
        return !signedIn.session().fresh(time.latest());
    }

    /** What is asked of who lets a client in. */
    Ask letsIn(SignedIn signedIn, PublicClient client) {
        return new LetsIn(new Allows(Action.SIGN_IN, signedIn.person().id(), client), signedIn, people, time);
    }

    /** Signs the person in, who has allowed it; empty where the person may not any more. */
    Optional<Given> begin(Tx tx, PrincipalId id, PublicClient client, String address, Instant authenticatedAt) {
        Optional<Person> person = able(tx, id, authenticatedAt);
        if (person.isEmpty()) {
            return Optional.empty();
        }
        RefreshToken token = RefreshToken.first(random);
        Instant now = time.latest();
        ClientSignIn made = new ClientSignIn(
                token.signIn(),
                id,
                client,
                token.hash(),
                Optional.empty(),
                Optional.empty(),
                authenticatedAt,
                now,
                now,
                address);
        store.insert(tx, made);
        store.keepNewest(tx, id, MOST);
        return Optional.of(new Given(person.get(), made.id(), token.text(), authenticatedAt));
    }

    /** Somebody who may go on: there is such a person, nobody else knows the password, and a provider said lately who it is. */
    private Optional<Person> able(Tx tx, PrincipalId id, Instant since) {
        return people.find(tx, id).filter(p -> !p.mustChange() && !stale(tx, id, since));
    }

    /**
     * What a provider outside said of somebody is believed for a while: it is asked at sign-in alone. A program that was let
     * in with an emergency link goes on no longer than that either.
     */
    private boolean stale(Tx tx, PrincipalId id, Instant since) {
        Instant now = time.latest();
        return outside.signsIn()
                && outsiders.find(tx, id).map(o -> o.stale(now)).orElse(!now.isBefore(since.plus(Outsider.TRUSTED)));
    }

    /**
     * Gives the refresh token that is good from now on for this one: the same, where it came from one before less than
     * {@link ClientSignIn#GRACE} ago; so whoever has one that was given in that time is never two steps behind.
     *
     * @param correlation of the request, for the record
     * @return empty where it is no token of this client, or its sign-in has ended
     * @throws dev.keyturn.core.model.DomainException {@code Unauthenticated} {@link SignIn#REFUSED} where it was used
     *     longer ago than {@link ClientSignIn#GRACE}: somebody else has it as well, so the sign-in ends. That is recorded
     */
    public Optional<Given> refresh(UUID correlation, String text, PublicClient client) {
        Optional<RefreshToken> token = RefreshToken.parse(text);
        if (token.isEmpty()) {
            return Optional.empty();
        }
        if (transactions.read(tx -> signIn(tx, token.get(), client)).isEmpty()) {
            return Optional.empty(); // anybody may ask: costs no write
        }
        Renewed renewed = transactions.write(tx -> renew(tx, token.get(), client));
        renewed.usedBefore().ifPresent(person -> refused(correlation, person, client));
        return renewed.given();
    }

    private record Renewed(Optional<Given> given, Optional<PrincipalId> usedBefore) {
        static final Renewed NOTHING = new Renewed(Optional.empty(), Optional.empty());
    }

    private Optional<ClientSignIn> signIn(Tx tx, RefreshToken token, PublicClient client) {
        return store.signIn(tx, token.signIn()).filter(s -> s.client().equals(client));
    }

    private Renewed renew(Tx tx, RefreshToken token, PublicClient client) {
        Optional<ClientSignIn> found = signIn(tx, token, client);
        if (found.isEmpty()) {
            return Renewed.NOTHING;
        }
        ClientSignIn signIn = found.get();
        Instant now = time.latest();
        Optional<Person> person = able(tx, signIn.person(), signIn.createdAt());
        if (signIn.over(now) || person.isEmpty()) {
            store.deleteSignIn(tx, signIn.id()).require(signIn.id());
            return Renewed.NOTHING;
        }
        boolean justRenewed = now.isBefore(signIn.renewedAt().plus(ClientSignIn.GRACE));
        RefreshToken next;
        if (signIn.token().equals(token.hash()) && signIn.before().isPresent() && justRenewed) {
            next = token; // the one before is still taken: one step more would make a thief of who has it
        } else if (signIn.token().equals(token.hash())) {
            String salt = RandomToken.make(random);
            next = token.next(salt);
            store.renew(tx, signIn.id(), next.hash(), salt, now).require(signIn.id());
        } else if (signIn.before().equals(Optional.of(token.hash())) && justRenewed) {
            next = token.next(signIn.salt().orElseThrow());
        } else {
            store.deleteSignIn(tx, signIn.id()).require(signIn.id());
            return new Renewed(Optional.empty(), Optional.of(signIn.person()));
        }
        return new Renewed(
                Optional.of(new Given(person.get(), signIn.id(), next.text(), signIn.authenticatedAt())),
                Optional.empty());
    }

    /** Records that what one client brought was used before, and refuses. */
    void refused(UUID correlation, PrincipalId person, PublicClient client) {
        doors.require(
                new Call(SignIn.NOBODY, correlation, Optional.empty(), Call.Door.PORTAL),
                new Allows(Action.SIGN_IN, person, client));
    }

    /** Who makes the requests of this sign-in; empty where it has ended. */
    public Optional<Caller> caller(PrincipalId id, String signIn) {
        Instant now = time.latest();
        return transactions.read(tx -> store.signIn(tx, signIn)
                .filter(s -> s.person().equals(id) && !over(s, now))
                .flatMap(s -> able(tx, id, s.createdAt()))
                .map(Person::caller));
    }

    /** An access token that is good may outlive the time in which no new one was asked for. */
    private static boolean over(ClientSignIn signIn, Instant now) {
        return !now.isBefore(signIn.createdAt().plus(ClientSignIn.LONGEST));
    }

    /** The person whose id it is; empty for a program's. */
    public Optional<Person> person(PrincipalId id) {
        return transactions.read(tx -> people.find(tx, id));
    }

    /** When one ends if no new token is asked for, and the person does not sign in again. */
    public Instant endsAt(ClientSignIn signIn) {
        Instant last = signIn.endsAt();
        if (!outside.signsIn()) {
            return last;
        }
        Instant said = transactions
                .read(tx -> outsiders.find(tx, signIn.person()))
                .map(Outsider::signedInAt)
                .orElse(signIn.createdAt())
                .plus(Outsider.TRUSTED);
        return said.isBefore(last) ? said : last;
    }

    /** Until when a program that this person lets in now stays signed in at the longest. */
    public Instant until(PrincipalId id) {
        Instant now = time.latest();
        Instant longest = now.plus(ClientSignIn.LONGEST);
        if (!outside.signsIn()) {
            return longest;
        }
        Instant said = transactions
                .read(tx -> outsiders.find(tx, id))
                .map(Outsider::signedInAt)
                .orElse(now)
                .plus(Outsider.TRUSTED);
        return said.isBefore(longest) ? said : longest;
    }

    /** Those of the person that are not over, newest first. */
    public List<ClientSignIn> of(Person person) {
        Instant now = time.latest();
        return transactions.read(tx -> store.signIns(tx, person.id())).stream()
                .filter(s -> now.isBefore(endsAt(s)))
                .toList();
    }

    /** Signs the person out of one client; nothing happens where it had ended, or is another person's. */
    public void end(Call call, Person person, String signIn) {
        Optional<ClientSignIn> found =
                of(person).stream().filter(s -> s.id().equals(signIn)).findFirst();
        found.ifPresent(s -> doors.act(
                call,
                new Allows(Action.SIGN_OUT, person.id(), s.client()),
                permit -> permit.write(tx -> store.deleteSignIn(tx, signIn).hit())));
    }

    /** Forgets codes and sign-ins that are over. */
    public void tidy() {
        Instant now = time.reached();
        transactions.run(
                tx -> store.deleteOver(tx, now, now.minus(ClientSignIn.LONGEST), now.minus(ClientSignIn.IDLE)));
    }
}
