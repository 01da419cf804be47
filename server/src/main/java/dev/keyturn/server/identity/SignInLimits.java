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
 * by client alone: an attacker who tries wrong secrets of a client must not lock that client out where it really is.
 * Thread-safe.
 */
public final class SignInLimits {
    private static final int LONGEST = 64;

    private final Rates all;
    private final Rates refusedByAddress;
    private final Rates refusedByClient;

    /** @param nanos a clock that only goes forward, such as {@link System#nanoTime} */
    public SignInLimits(Limits limits, LongSupplier nanos) {
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

    private static String key(String address, String client) {
        String id = client.length() > LONGEST ? client.substring(0, LONGEST) : client;
        return address + " " + id.toLowerCase(Locale.ROOT);
    }
}
