package dev.keyturn.core.oauth;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.people.RandomToken;
import dev.keyturn.core.people.SignIn.SignedIn;
import dev.keyturn.core.time.ServerTime;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Signs a person in to a client that has no browser: the client shows a code, the person types it where he or she is
 * signed in, and allows it (RFC 8628). Thread-safe; must not be called inside a transaction.
 */
public final class DeviceSignIn {
    /** How long a code is good. */
    public static final Duration LIFETIME = Duration.ofMinutes(15);

    /** Between two questions of a client. */
    public static final Duration INTERVAL = Duration.ofSeconds(5);

    /** The code of the refusal of who has not signed in just now. */
    public static final String SIGN_IN_AGAIN = "SignInAgain";

    /** Without vowels, so that no word comes of it, and without what looks like another (RFC 8628, 6.1). */
    private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ";

    private static final int LENGTH = 8;
    private static final int TRIES = 5;

    private final Transactions transactions;
    private final OAuthStore store;
    private final ClientSignIns signIns;
    private final Doors doors;
    private final ServerTime time;
    private final SecureRandom random;
    private final Bounds bounds;
    private final Paces paces = new Paces();

    /** How many codes may be open at once, in all and for one address: anybody may ask for one. */
    public record Bounds(long open, long perAddress) {}

    public DeviceSignIn(
            Transactions transactions,
            OAuthStore store,
            ClientSignIns signIns,
            Doors doors,
            ServerTime time,
            SecureRandom random,
            Bounds bounds) {
        this.transactions = transactions;
        this.store = store;
        this.signIns = signIns;
        this.doors = doors;
        this.time = time;
        this.random = random;
        this.bounds = bounds;
    }

    /** What the client asks with, and what it shows. */
    public record Begun(String deviceCode, String userCode) {
        @Override
        public String toString() {
            return "Begun[redacted]";
        }
    }

    /**
     * Gives a client a code.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Throttled} where too many are open
     */
    public Begun begin(Asked asked, String address) {
        Instant now = time.latest();
        String full = transactions.read(tx -> full(tx, now, address));
        if (!full.isEmpty()) { // costs no write
            throw tooMany(full);
        }
        return transactions.write(tx -> {
            String still = full(tx, now, address);
            if (!still.isEmpty()) {
                throw tooMany(still);
            }
            String token = RandomToken.make(random);
            for (int i = 0; i < TRIES; i++) {
                String shown = userCode();
                DeviceCode made = new DeviceCode(
                        RandomToken.hash(token),
                        shown,
                        asked,
                        address,
                        now,
                        now.plus(LIFETIME),
                        DeviceCode.State.WAITING,
                        Optional.empty());
                if (store.insert(tx, made).hit()) {
                    return new Begun(token, shown.substring(0, LENGTH / 2) + "-" + shown.substring(LENGTH / 2));
                }
            }
            throw tooMany("in all");
        });
    }

    private String full(Tx tx, Instant now, String address) {
        return store.open(tx, now, address) >= bounds.perAddress()
                ? "for one address"
                : store.open(tx, now) >= bounds.open() ? "in all" : "";
    }

    private static RuntimeException tooMany(String which) {
        return new DomainError.Throttled(
                        ErrorInfo.of(
                                "TooManyDeviceCodes",
                                "Too many clients wait for a person already, " + which + ". A code is good for "
                                        + LIFETIME.toMinutes() + " minutes: try again later."),
                        Duration.ofSeconds(30))
                .asException();
    }

    private String userCode() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    /** The client that shows this code and waits; the code in any case, with or without its hyphen. */
    public Optional<DeviceCode> waiting(String typed) {
        String code = plain(typed);
        Instant now = time.latest();
        return code.length() != LENGTH
                ? Optional.empty()
                : transactions
                        .read(tx -> store.byUserCode(tx, code))
                        .filter(c -> c.state() == DeviceCode.State.WAITING && !c.over(now));
    }

    private static String plain(String typed) {
        return typed.length() > 40 ? "" : typed.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
    }

    /**
     * The person, who makes the call with this session, signs in to the client. Recorded.
     *
     * @throws dev.keyturn.core.model.DomainException {@code NotFound} where nobody waits with this code any more,
     *     {@code Forbidden} {@value #SIGN_IN_AGAIN} where the session began longer than {@link
     *     dev.keyturn.core.people.Session#FRESH} ago, or has ended
     */
    public DeviceCode allow(Call call, SignedIn signedIn, String typed) {
        DeviceCode code = waiting(typed).orElseThrow(DeviceSignIn::gone);
        return doors.act(
                call,
                signIns.letsIn(signedIn, code.asked().client()),
                permit -> permit.write(tx -> decide(
                        tx,
                        code,
                        DeviceCode.State.ALLOWED,
                        Optional.of(new DeviceCode.Allowed(
                                signedIn.person().id(), signedIn.session().shownAt())))));
    }

    /** The client is told that the person does not want that. As {@link #allow}; nobody signs in, so no record. */
    public DeviceCode refuse(String typed) {
        DeviceCode code = waiting(typed).orElseThrow(DeviceSignIn::gone);
        return transactions.write(tx -> decide(tx, code, DeviceCode.State.REFUSED, Optional.empty()));
    }

    private DeviceCode decide(Tx tx, DeviceCode code, DeviceCode.State state, Optional<DeviceCode.Allowed> by) {
        if (store.decide(tx, code.id(), state, by, time.latest()).missed()) {
            throw gone();
        }
        return code;
    }

    private static RuntimeException gone() {
        return new DomainError.NotFound(ErrorInfo.of(
                        "DeviceCodeNotFound",
                        "No client waits with this code. A code is good once, for " + LIFETIME.toMinutes()
                                + " minutes: start the sign-in again, and type the code that it shows then."))
                .asException();
    }

    /** What a client that asks is told. */
    public sealed interface Answer {
        /** Nobody has typed the code yet. */
        record Pending() implements Answer {}

        /** It asks too often: five seconds more between two questions from now on. */
        record TooOften() implements Answer {}

        record Refused() implements Answer {}

        /** The code is over, or none of this client's. */
        record Expired() implements Answer {}

        record Done(Asked asked, ClientSignIns.Given given) implements Answer {}
    }

    /** Whether the person has allowed it. Costs a look as long as not. */
    public Answer poll(String deviceCode, PublicClient client) {
        String id = RandomToken.hash(deviceCode);
        Instant now = time.latest();
        Optional<DeviceCode> found = transactions
                .read(tx -> store.deviceCode(tx, id))
                .filter(c -> c.asked().client().equals(client));
        if (found.isEmpty() || found.get().over(now)) {
            paces.forget(id);
            return new Answer.Expired();
        }
        return switch (found.get().state()) {
            case WAITING -> paces.tooFast(id, now) ? new Answer.TooOften() : new Answer.Pending();
            case REFUSED -> {
                paces.forget(id);
                yield new Answer.Refused();
            }
            case ALLOWED -> {
                paces.forget(id);
                yield transactions.write(tx -> given(tx, found.get()));
            }
        };
    }

    private Answer given(Tx tx, DeviceCode code) {
        if (store.deleteDeviceCode(tx, code.id()).missed()) {
            return new Answer.Expired(); // somebody else was quicker, or the person is signed out
        }
        DeviceCode.Allowed by = code.allowed().orElseThrow();
        return signIns.begin(tx, by.person(), code.asked().client(), code.address(), by.authenticatedAt())
                .<Answer>map(given -> new Answer.Done(code.asked(), given))
                .orElseGet(Answer.Expired::new);
    }
}
