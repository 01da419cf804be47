package dev.keyturn.core.people;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.people.PasswordCheck.Known;
import dev.keyturn.core.people.SignIn.Started;
import dev.keyturn.core.people.SignIn.Visit;
import dev.keyturn.core.time.ServerTime;
import dev.keyturn.core.tx.Transactions;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lets people in with a passkey: alone, or after their password. Before it has shown to be right, nothing is written but
 * the record of a refusal. How often somebody may try is bounded by whoever calls this. Thread-safe; must not be called
 * inside a transaction.
 */
public final class PasskeySignIn {
    /** The code of the refusal of a passkey whose counter went back. */
    public static final String COPIED = "PasskeyCopied";

    private static final String WRONG = "This passkey lets nobody in here.";
    private static final String LATE =
            "This took longer than " + Challenges.LIFETIME.toMinutes() + " minutes, or was done before. Begin again.";

    private final Transactions transactions;
    private final PersonStore people;
    private final PasskeyStore passkeys;
    private final PasskeyVerifier verifier;
    private final Challenges challenges;
    private final SignIn signIn;
    private final ServerTime time;

    public PasskeySignIn(
            Transactions transactions,
            PersonStore people,
            PasskeyStore passkeys,
            PasskeyVerifier verifier,
            Challenges challenges,
            SignIn signIn,
            ServerTime time) {
        this.transactions = transactions;
        this.people = people;
        this.passkeys = passkeys;
        this.verifier = verifier;
        this.challenges = challenges;
        this.signIn = signIn;
        this.time = time;
    }

    /**
     * What a browser asks an authenticator for.
     *
     * @param credentials the passkeys that will do; empty where any of this server's will
     */
    public record Wanted(String challenge, String relyingParty, String origin, List<String> credentials) {
        public Wanted {
            credentials = List.copyOf(credentials);
        }
    }

    /** What a password that is right leads to. */
    public sealed interface Entered {
        record In(Started started) implements Entered {}

        /** A passkey is wanted as well; there is no session yet. */
        record Further(Wanted wanted) implements Entered {}
    }

    /** To sign in without a name or a password, in the browser that has {@code browser} in a cookie. */
    public Wanted alone(String browser) {
        return wanted(challenges.make(Challenges.Purpose.ALONE, Optional.empty(), browser), List.of());
    }

    /**
     * As {@link SignIn#withPassword}, for who can be asked for a passkey then.
     *
     * @param browser what the browser that signs in has in a cookie
     */
    public Entered withPassword(Visit visit, String name, String password, Optional<String> before, String browser) {
        signIn.outside().requireNone();
        Known known = signIn.check().known(name, password);
        Person who = known.person();
        if (!known.right() || !transactions.read(tx -> passkeys.required(tx, who.id()))) {
            return new Entered.In(signIn.begin(visit, known, before));
        }
        List<String> own = transactions.read(tx -> passkeys.of(tx, who.id())).stream()
                .map(Passkey::id)
                .toList();
        return new Entered.Further(wanted(
                challenges.make(
                        Challenges.Purpose.SECOND,
                        Optional.of(who.id()),
                        second(browser, known.hash().orElse(""))),
                own));
    }

    /**
     * Begins a session.
     *
     * @param before what the browser has of an earlier session, which ends
     * @throws dev.keyturn.core.model.DomainException {@code Unauthenticated} {@link SignIn#REFUSED}, the same for a
     *     passkey that there is not and for one whose signature is wrong; {@value #COPIED}
     */
    public Started withPasskey(Visit visit, PasskeyAnswer.Signed answer, Optional<String> before, String browser) {
        signIn.outside().requireNone();
        Passkey passkey = transactions
                .read(tx -> passkeys.find(tx, answer.credential()))
                .orElseThrow(() -> SignIn.refused(WRONG));
        Person who =
                transactions.read(tx -> people.find(tx, passkey.person())).orElseThrow(() -> SignIn.refused(WRONG));
        Optional<String> password = transactions.read(tx -> people.password(tx, who.id()));
        Function<Challenges.Issued, String> binding =
                i -> i.purpose() == Challenges.Purpose.SECOND ? second(browser, password.orElse("")) : browser;
        Optional<Challenges.Issued> issued = challenges
                .open(answer.challenge(), binding)
                .filter(i -> i.purpose() != Challenges.Purpose.MAKE)
                .filter(i -> i.person().isEmpty() || i.person().get().equals(who.id()));
        if (issued.filter(i -> !time.latest().isBefore(i.over())).isPresent()) {
            throw SignIn.refused(LATE);
        }
        Optional<PasskeyKey> now = issued.filter(_ -> ownHandle(answer.handle(), who))
                .flatMap(_ -> verifier.signed(answer, passkey.key()));
        Optional<ErrorInfo> wrong = now.isEmpty()
                ? Optional.of(ErrorInfo.of(SignIn.REFUSED, WRONG))
                : passkey.key().precedes(now.get().count())
                        ? Optional.empty()
                        : Optional.of(ErrorInfo.of(
                                COPIED,
                                "The passkey '" + passkey.name() + "' has been used as often as it says before:"
                                        + " there may be a copy of it. Sign in another way and remove it."));
        return signIn.begin(visit, who, new Proof(who.id(), wrong), Session.How.PASSKEY, before, tx -> {
            if (passkeys.answered(tx, issued.orElseThrow().id(), issued.get().over())
                    .missed()) {
                throw SignIn.refused(LATE);
            }
            // gone, or used by somebody else meanwhile; a password that was changed is not the one that was right
            if (passkeys.used(tx, passkey.id(), passkey.key().count(), now.orElseThrow(), time.latest())
                            .missed()
                    || !people.password(tx, who.id()).equals(password)) {
                throw SignIn.refused(WRONG);
            }
        });
    }

    private Wanted wanted(String challenge, List<String> credentials) {
        return new Wanted(challenge, verifier.relyingParty(), verifier.origin(), credentials);
    }

    /** A challenge after a password is one of that password: it ends when the password is changed. */
    private static String second(String browser, String hash) {
        return browser + "\n" + hash;
    }

    /** Authenticators say whose a passkey is that was found without a name; others may leave it out. */
    private static boolean ownHandle(byte[] handle, Person who) {
        return handle.length == 0 || Arrays.equals(handle, handle(who));
    }

    /** By which an authenticator knows the person: no name, so that it shows nothing. */
    static byte[] handle(Person who) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(who.id().value().getMostSignificantBits())
                .putLong(who.id().value().getLeastSignificantBits())
                .array();
    }

    /** Whether somebody was not let in, rather than that something is the matter here. */
    public static boolean isRefusal(DomainError error) {
        return error instanceof DomainError.Unauthenticated;
    }
}
