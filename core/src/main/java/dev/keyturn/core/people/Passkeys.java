package dev.keyturn.core.people;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.people.SignIn.SignedIn;
import dev.keyturn.core.people.SignIn.Visit;
import dev.keyturn.core.time.ServerTime;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A person's own passkeys. Whoever changes them has signed in within the last {@link Session#FRESH}; every change is
 * recorded. Thread-safe; must not be called inside a transaction.
 */
public final class Passkeys {
    /** Of one person. */
    public static final int MOST = 10;

    private static final String NOT_TAKEN = "The browser's answer is not one to what this page asked. It may have taken"
            + " longer than " + Challenges.LIFETIME.toMinutes() + " minutes: open the page again and repeat it.";

    private final Transactions transactions;
    private final PersonStore people;
    private final PasskeyStore passkeys;
    private final PasskeyVerifier verifier;
    private final Challenges challenges;
    private final Doors doors;
    private final ServerTime time;
    private final Clock clock;
    private final Outside outside;

    public Passkeys(
            Transactions transactions,
            PersonStore people,
            PasskeyStore passkeys,
            PasskeyVerifier verifier,
            Challenges challenges,
            Doors doors,
            ServerTime time,
            Clock clock,
            Outside outside) {
        this.transactions = transactions;
        this.people = people;
        this.passkeys = passkeys;
        this.verifier = verifier;
        this.challenges = challenges;
        this.doors = doors;
        this.time = time;
        this.clock = clock;
        this.outside = outside;
    }

    /**
     * What a person has.
     *
     * @param required the password alone lets nobody in
     * @param fresh the person has signed in just now, so that these can be changed
     */
    public record Mine(List<Passkey> passkeys, boolean required, boolean fresh) {
        public Mine {
            passkeys = List.copyOf(passkeys);
        }
    }

    public Mine of(SignedIn signedIn) {
        var id = signedIn.person().id();
        return transactions.read(tx -> new Mine(
                passkeys.of(tx, id),
                passkeys.required(tx, id),
                signedIn.session().fresh(time.latest())));
    }

    /**
     * What a browser asks an authenticator for, to make a passkey.
     *
     * @param handle by which the authenticator knows the person, base64url
     * @param present those that the person has: an authenticator makes no second one beside them
     */
    public record Making(String challenge, String relyingParty, String origin, String handle, List<String> present) {
        public Making {
            present = List.copyOf(present);
        }
    }

    public Making making(SignedIn signedIn) {
        Person who = signedIn.person();
        return new Making(
                challenges.make(
                        Challenges.Purpose.MAKE,
                        Optional.of(who.id()),
                        signedIn.session().id()),
                verifier.relyingParty(),
                verifier.origin(),
                Base64.getUrlEncoder().withoutPadding().encodeToString(PasskeySignIn.handle(who)),
                transactions.read(tx -> passkeys.of(tx, who.id())).stream()
                        .map(Passkey::id)
                        .toList());
    }

    /**
     * Adds a passkey that was made for {@link #making} in the same session.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Forbidden} where the person signed in too long ago, {@code
     *     Invalid} for a name or an answer that will not do, {@code Conflict} where there are {@value #MOST}, or it is
     *     there already
     */
    public Passkey add(Visit visit, SignedIn signedIn, String name, PasskeyAnswer.Made answer) {
        outside.requireNone();
        Person who = signedIn.person();
        return doors.act(visit.by(who.caller()), fresh(Action.OWN_PASSKEY_WRITE, signedIn), permit -> {
            String called = named(name);
            Challenges.Issued issued = challenges
                    .open(answer.challenge(), _ -> signedIn.session().id())
                    .filter(i -> i.purpose() == Challenges.Purpose.MAKE
                            && i.person().equals(Optional.of(who.id()))
                            && time.latest().isBefore(i.over()))
                    .orElseThrow(Passkeys::notTaken);
            PasskeyVerifier.Added made = verifier.made(answer).orElseThrow(Passkeys::notTaken);
            Passkey passkey = new Passkey(
                    made.id(), who.id(), called, made.key(), clock.instant(), Optional.empty(), answer.transports());
            return permit.on(target(who, made.id())).write(tx -> {
                if (passkeys.of(tx, who.id()).size() >= MOST) {
                    throw DomainError.notAllowed(
                                    "You have " + MOST + " passkeys. Remove one that you do not use first.")
                            .asException();
                }
                if (passkeys.answered(tx, issued.id(), issued.over()).missed()) {
                    throw notTaken();
                }
                if (passkeys.insert(tx, passkey).missed()) {
                    throw new DomainError.Conflict(ErrorInfo.of("PasskeyExists", "This passkey is there already."))
                            .asException();
                }
                return passkey;
            });
        });
    }

    /**
     * Gives a passkey another name. Sessions go on.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Forbidden} where the person signed in too long ago, {@code
     *     Invalid} for a name that will not do, {@code NotFound} where the person has no such passkey
     */
    public void rename(Visit visit, SignedIn signedIn, String id, String name) {
        Person who = signedIn.person();
        doors.act(visit.by(who.caller()), fresh(Action.OWN_PASSKEY_WRITE, signedIn), permit -> {
            String called = named(name);
            return permit.on(target(who, id)).write(tx -> {
                if (passkeys.rename(tx, who.id(), id, called).missed()) {
                    throw none();
                }
                return called;
            });
        });
    }

    private static String named(String name) {
        String called = name.strip();
        if (called.isEmpty() || called.length() > Passkey.LONGEST_NAME) {
            throw DomainError.invalid(
                            "name",
                            "A passkey has a name of 1 to " + Passkey.LONGEST_NAME
                                    + " characters, so that you know it again.")
                    .asException();
        }
        return called;
    }

    private static RuntimeException none() {
        return new DomainError.NotFound(ErrorInfo.of("PasskeyNotFound", "You have no such passkey any more."))
                .asException();
    }

    /**
     * Removes a passkey; every other session of the person ends.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Forbidden} where the person signed in too long ago, {@code
     *     NotFound} where the person has no such passkey, {@code Conflict} where it is the last one and needed
     */
    public Passkey remove(Visit visit, SignedIn signedIn, String id) {
        outside.requireNone();
        Person who = signedIn.person();
        return doors.act(
                visit.by(who.caller()),
                fresh(Action.OWN_PASSKEY_DELETE, signedIn),
                permit -> permit.on(target(who, id)).write(tx -> {
                    List<Passkey> own = passkeys.of(tx, who.id());
                    Passkey passkey = own.stream()
                            .filter(p -> p.id().equals(id))
                            .findFirst()
                            .orElseThrow(Passkeys::none);
                    if (own.size() == 1 && passkeys.required(tx, who.id())) {
                        throw DomainError.notAllowed("'" + passkey.name() + "' is your last passkey, and your password"
                                        + " alone is not enough: nobody could sign in any more. Add another one first, or"
                                        + " let the password be enough again.")
                                .asException();
                    }
                    passkeys.delete(tx, who.id(), id).require(id);
                    endOthers(tx, signedIn);
                    return passkey;
                }));
    }

    /**
     * Says whether the person's password alone is not enough from now on. Every other session of the person ends where it
     * is not.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Forbidden} where the person signed in too long ago, {@code
     *     Conflict} where there is no passkey
     */
    public void require(Visit visit, SignedIn signedIn, boolean required) {
        outside.requireNone();
        Person who = signedIn.person();
        Action action = required ? Action.OWN_PASSKEY_WRITE : Action.OWN_PASSKEY_DELETE;
        doors.act(
                visit.by(who.caller()),
                fresh(action, signedIn),
                permit -> permit.on(target(who, "required")).write(tx -> {
                    if (required && passkeys.of(tx, who.id()).isEmpty()) {
                        throw DomainError.notAllowed("You have no passkey yet. Add one first.")
                                .asException();
                    }
                    passkeys.require(tx, who.id(), required).require(who.name());
                    if (required) {
                        endOthers(tx, signedIn);
                    }
                    return who;
                }));
    }

    private void endOthers(Tx tx, SignedIn signedIn) {
        people.sessions(tx, signedIn.person().id()).stream()
                .map(Session::id)
                .filter(s -> !s.equals(signedIn.session().id()))
                .forEach(s -> people.deleteSession(tx, s));
        people.leaveClients(tx, signedIn.person().id());
    }

    private Ask fresh(Action action, SignedIn signedIn) {
        return new Fresh(action, signedIn, time);
    }

    private static RuntimeException notTaken() {
        return DomainError.invalid("passkey", NOT_TAKEN).asException();
    }

    private static String target(Person who, String what) {
        return "/people/" + who.id() + "/passkeys/" + what;
    }
}
