package dev.keyturn.server.identity;

import dev.keyturn.server.limits.Limit;
import dev.keyturn.server.limits.Limits;
import dev.keyturn.server.limits.Rates;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How often somebody may try to sign in: by address in all, and refused ones by address and by address and client. Never
 * by client alone: an attacker who tries wrong secrets of a client must not lock that client out where it really is. A
 * person's password is no 256 random bits, so tries to guess one are slowed by person too, whatever their addresses:
 * the person waits seconds for a turn while that goes on, and is never locked out.
 * Thread-safe.
 */
public final class SignInLimits {
    private static final int LONGEST = 64;

    private final Rates all;
    private final Rates refusedByAddress;
    private final Rates refusedByClient;
    private final Rates refusedByPerson;

    /** @param nanos a clock that only goes forward, such as {@link System#nanoTime} */
    public SignInLimits(Limits limits, LongSupplier nanos) {
        refusedByPerson = new Rates(limits.count(Limit.FAILED_SIGN_INS_PER_PERSON), nanos);
        all = new Rates(limits.count(Limit.TOKENS_PER_ADDRESS), nanos);
        refusedByAddress = new Rates(limits.count(Limit.FAILED_TOKENS_PER_ADDRESS), nanos);
        refusedByClient = new Rates(limits.count(Limit.FAILED_TOKENS_PER_CLIENT), nanos);
    }

    /** Counts a request of this address; where it is one too many, how long to wait. */
    public Optional<Duration> arrived(String address) {
        return refusedByAddress.full(address).or(() -> all.count(address));
    }

    /** How long to wait, where this client was refused too often from this address. Counts nothing. */
    public Optional<Duration> wait(String address, String client) {
        return refusedByClient.full(key(address, client));
    }

    public void refused(String address, String client) {
        // which of them is full is asked before the next one
        refusedByAddress.note(address);
        refusedByClient.note(key(address, client));
    }

    /** As {@link #wait}, for a person. */
    public Optional<Duration> waitFor(String address, String person) {
        return wait(address, person).or(() -> refusedByPerson.full(key("", person)));
    }

    /** As {@link #refused}, of a person's sign-in. */
    public void refusedPerson(String address, String person) {
        refused(address, person);
        refusedByPerson.note(key("", person));
    }

    private static String key(String address, String client) {
        String id = client.length() > LONGEST ? client.substring(0, LONGEST) : client;
        return address + " " + id.toLowerCase(Locale.ROOT);
    }
}
