package dev.keyturn.core.people;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.time.ServerTime;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets people in, knows them again by their session, and lets them out. Every sign-in, every refused one of a person
 * that there is, and every new password is recorded. How often somebody may try is bounded by whoever calls this.
 * Thread-safe; must not be called inside a transaction.
 */
public final class SignIn {
    private static final Logger LOG = LoggerFactory.getLogger(SignIn.class);
    /** Of one person; with one more the oldest ends. */
    static final int MOST_SESSIONS = 20;

    /** {@code seenAt} is written once in this time. */
    private static final Duration TOUCH = Duration.ofMinutes(1);

    /** The code of the refusal of a wrong name, password or link. */
    public static final String REFUSED = "SignInRefused";

    /** The code of the refusal of a password that is right, of a person whose password alone is not enough. */
    public static final String PASSKEY_NEEDED = "PasskeyNeeded";

    private static final String WRONG = PasswordCheck.WRONG;
    private static final String OLD_LINK =
            "This link is not good any more: it was used, another one was made since, or its 24 hours are over.";

    private final Transactions transactions;
    private final PersonStore people;
    private final PasskeyStore passkeys;
    private final PasswordHasher hasher;
    private final Doors doors;
    private final ServerTime time;
    private final SecureRandom random;
    private final PasswordCheck check;
    private final Outside outside;

    public SignIn(
            Transactions transactions,
            PersonStore people,
            PasskeyStore passkeys,
            PasswordHasher hasher,
            Doors doors,
            ServerTime time,
            SecureRandom random,
            Outside outside) {
        this.transactions = transactions;
        this.people = people;
        this.passkeys = passkeys;
        this.hasher = hasher;
        this.doors = doors;
        this.time = time;
        this.random = random;
        this.outside = outside;
        this.check = new PasswordCheck(transactions, people, hasher, time, RandomToken.make(random));
    }

    /** Who tried to sign in and did not show to be anybody. */
    public static final Caller NOBODY = new Caller(new PrincipalId(new UUID(0, 1)), "(not signed in)");

    /** A request of somebody who may not be known yet: its id, which the record has, and where it comes from. */
    public record Visit(UUID correlation, Optional<String> clientRequest, String address) {
        public Call by(Caller caller) {
            return new Call(caller, correlation, clientRequest, Call.Door.PORTAL);
        }
    }

    /** A session that has just begun; {@code token} is what the browser keeps, shown this one time. */
    public record Started(String token, Person person) {
        @Override
        public String toString() {
            return "Started[" + person.name() + ", redacted]";
        }
    }

    /** Somebody who is signed in. */
    public record SignedIn(Person person, Session session) {}

    /**
     * Begins a session.
     *
     * @param before what the browser has of an earlier session, which ends
     * @throws dev.keyturn.core.model.DomainException {@code Unauthenticated} {@value #REFUSED}, the same for a wrong
     *     name and a wrong password; {@value #PASSKEY_NEEDED} where {@link PasskeySignIn#withPassword} would ask further
     */
    public Started withPassword(Visit visit, String name, String password, Optional<String> before) {
        outside.requireNone();
        return begin(visit, check.known(name, password), before);
    }

    Started begin(Visit visit, PasswordCheck.Known known, Optional<String> before) {
        Person who = known.person();
        return begin(visit, who, proof(who, known.right(), WRONG), Session.How.PASSWORD, before, tx -> {
            // a password that was changed meanwhile is not the one that was right
            if (!people.password(tx, who.id()).equals(known.hash())) {
                throw refused(WRONG);
            }
            if (passkeys.required(tx, who.id())) {
                throw new DomainError.Unauthenticated(
                                ErrorInfo.of(PASSKEY_NEEDED, "This person's password alone is not enough."))
                        .asException();
            }
        });
    }

    /** Whose link it is; empty where it is not good any more. Uses nothing up. */
    public Optional<Person> ofLink(String token) {
        Instant now = time.latest();
        return transactions.read(tx -> link(tx, token, now).flatMap(l -> people.find(tx, l.person())));
    }

    /**
     * Sets the password of the link's person and begins a session. The link is used up, and every other session ends.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Unauthenticated} {@value #REFUSED} for a link that is not
     *     good any more, {@code Invalid} for a password that will not do: then the link stays good
     */
    public Started withLink(Visit visit, String token, String password, Optional<String> before) {
        outside.requireNone();
        Person who = ofLink(token).orElseThrow(() -> refused(OLD_LINK));
        Passwords.require(who.name(), password, "password");
        String hash = hasher.hash(password);
        Instant now = time.latest();
        return begin(visit, who, proof(who, true, OLD_LINK), Session.How.LINK, before, tx -> {
            if (link(tx, token, now).filter(l -> l.person().equals(who.id())).isEmpty()) {
                throw refused(OLD_LINK);
            }
            people.signOut(tx, who.id());
            people.setPassword(tx, who.id(), hash, false).require(who.name());
        });
    }

    /**
     * Begins a session of the link's person, without a password: where a provider outside signs people in, none would be of
     * any use; one that is there stays, for when it is again. The link is used up, and every other session ends.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Unauthenticated} {@value #REFUSED} for a link that is not
     *     good any more, or where people sign in here
     */
    public Started withLinkAlone(Visit visit, String token, Optional<String> before) {
        if (!outside.signsIn()) {
            throw refused("A link alone signs nobody in here: set a password with it.");
        }
        Person who = ofLink(token).orElseThrow(() -> refused(OLD_LINK));
        Instant now = time.latest();
        return begin(visit, who, proof(who, true, OLD_LINK), Session.How.LINK, before, tx -> {
            if (link(tx, token, now).filter(l -> l.person().equals(who.id())).isEmpty()) {
                throw refused(OLD_LINK);
            }
            people.signOut(tx, who.id());
            if (who.mustChange()) { // the one that the first start printed: nobody can change it here
                people.forgetPassword(tx, who.id());
            }
        });
    }

    /**
     * Sets another password. Every session of the person ends, and a new one begins.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Unauthenticated} {@value #REFUSED} where {@code old} is
     *     wrong, {@code Invalid} where {@code fresh} will not do
     */
    public Started changePassword(Visit visit, SignedIn signedIn, String old, String fresh) {
        outside.requireNone();
        Person who = signedIn.person();
        Optional<String> stored = transactions.read(tx -> people.password(tx, who.id()));
        boolean right = stored.isPresent() && check.matches(stored.get(), old);
        if (right) {
            Passwords.require(who.name(), fresh, "password");
            if (old.equals(fresh)) {
                throw DomainError.invalid("password", "The new password is the old one.")
                        .asException();
            }
        }
        String hash = right ? hasher.hash(fresh) : "";
        String wrong = "The present password is not right.";
        return begin(visit, who, proof(who, right, wrong), Session.How.PASSWORD, Optional.empty(), tx -> {
            if (!people.password(tx, who.id()).equals(stored)) {
                throw refused(wrong);
            }
            if (passkeys.required(tx, who.id()) && !signedIn.session().fresh(time.latest())) {
                throw new DomainError.Invalid(ErrorInfo.of(
                                "SignInAgain",
                                "Your password alone is not enough, so sign in again in this browser first: you did more"
                                        + " than " + Session.FRESH.toMinutes() + " minutes ago."))
                        .asException();
            }
            people.signOut(tx, who.id());
            people.setPassword(tx, who.id(), hash, false).require(who.name());
        });
    }

    /** Who has this session; empty where there is none, or it is over. */
    public Optional<SignedIn> session(String token) {
        Instant now = time.latest();
        Optional<SignedIn> found = glance(token);
        String id = RandomToken.hash(token);
        found.filter(f -> !now.isBefore(f.session().seenAt().plus(TOUCH))).ifPresent(_ -> touch(id, now));
        return found;
    }

    /** As {@link #session}, for what a browser asks by itself: it is no request that keeps the session from ending. */
    public Optional<SignedIn> glance(String token) {
        Instant now = time.latest();
        String id = RandomToken.hash(token);
        return transactions.read(tx -> people.session(tx, id)
                .filter(s -> !s.over(now))
                .flatMap(s -> people.find(tx, s.person()).map(p -> new SignedIn(p, s))));
    }

    /** A database that takes no writes must not keep people from looking. */
    private void touch(String id, Instant now) {
        try {
            transactions.run(tx -> people.seen(tx, id, now));
        } catch (DomainException e) {
            LOG.warn(
                    "a session's last request is not noted: {}",
                    e.error().info().message());
        }
    }

    /** The person's sessions that are not over, newest first. */
    public List<Session> sessions(Person person) {
        Instant now = time.latest();
        return transactions.read(tx -> people.sessions(tx, person.id())).stream()
                .filter(s -> !s.over(now))
                .toList();
    }

    /** Ends the session of this browser. */
    public void signOut(Visit visit, SignedIn signedIn) {
        leave(
                visit,
                signedIn.person(),
                tx -> people.deleteSession(tx, signedIn.session().id()));
    }

    /** Ends every session of the person, and an unused link. */
    public void signOutEverywhere(Visit visit, SignedIn signedIn) {
        leave(
                visit,
                signedIn.person(),
                tx -> people.signOut(tx, signedIn.person().id()));
    }

    private void leave(Visit visit, Person who, Step step) {
        boolean left = doors.act(
                visit.by(who.caller()),
                new Own(Action.SIGN_OUT, who.id()),
                permit -> permit.write(tx -> {
                    step.in(tx);
                    return true;
                }));
        Hit.of(left).require(who.id());
    }

    /** Forgets sessions, links and answered challenges that are over. */
    public void tidy() {
        Instant now = time.reached();
        transactions.run(tx -> {
            people.deleteOver(tx, now, now.minus(Session.LONGEST), now.minus(Session.IDLE));
            passkeys.deleteOver(tx, now);
        });
    }

    private static Proof proof(Person who, boolean right, String wrong) {
        return new Proof(who.id(), right ? Optional.empty() : Optional.of(ErrorInfo.of(REFUSED, wrong)));
    }

    /**
     * Begins a session of somebody whom a provider outside has signed in.
     *
     * @param by what of the person's that was, as a record's target ends
     * @param shownAt when the person showed there who it is, where that was for this sign-in
     * @param step runs first, in the same transaction
     */
    public Started from(
            Visit visit, Person who, String by, Optional<Instant> shownAt, Optional<String> before, Step step) {
        Session.How how = shownAt.isPresent() ? Session.How.PROVIDER_NOW : Session.How.PROVIDER;
        return begin(visit, who, new Proof(who.id(), by, Optional.empty()), how, shownAt, before, step);
    }

    /** What is done in the transaction that begins a session, before it does. */
    @FunctionalInterface
    public interface Step {
        void in(Tx tx);
    }

    /** Whether somebody else signs people in. */
    public Outside outside() {
        return outside;
    }

    PasswordCheck check() {
        return check;
    }

    /** Records, and ends what the browser had before. {@code step} runs first, in the same transaction. */
    Started begin(Visit visit, Person who, Proof proof, Session.How how, Optional<String> before, Step step) {
        return begin(visit, who, proof, how, Optional.empty(), before, step);
    }

    private Started begin(
            Visit visit,
            Person who,
            Proof proof,
            Session.How how,
            Optional<Instant> shownAt,
            Optional<String> before,
            Step step) {
        if (proof.wrong().isPresent()) {
            doors.require(visit.by(NOBODY), proof);
        }
        String token = RandomToken.make(random);
        return doors.act(
                visit.by(who.caller()),
                proof,
                permit -> permit.write(tx -> {
                    step.in(tx);
                    Instant now = time.latest();
                    before.ifPresent(b -> people.deleteSession(tx, RandomToken.hash(b)));
                    people.insert(
                            tx,
                            new Session(
                                    RandomToken.hash(token),
                                    who.id(),
                                    how,
                                    now,
                                    shownAt.filter(at -> at.isBefore(now)).orElse(now),
                                    now,
                                    visit.address()));
                    people.keepNewest(tx, who.id(), MOST_SESSIONS);
                    return new Started(token, people.find(tx, who.id()).orElseThrow(() -> refused(WRONG)));
                }));
    }

    private Optional<Link> link(Tx tx, String token, Instant now) {
        return people.link(tx, RandomToken.hash(token)).filter(l -> now.isBefore(l.expiresAt()));
    }

    static RuntimeException refused(String why) {
        return new DomainError.Unauthenticated(ErrorInfo.of(REFUSED, why)).asException();
    }
}
