package dev.keyturn.server.identity;

import dev.keyturn.server.limits.Limit;
import dev.keyturn.server.limits.Limits;
import dev.keyturn.server.limits.Rates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How often somebody may try to sign in: by address in all, and refused ones by address and by address and client. Never
 * by client alone: an attacker who tries wrong secrets of a client must not lock that client out where it really is. A
 * person's password is no 256 random bits, so tries to guess one are slowed by person too, whatever their addresses. While
 * that goes on the person may have to wait long for a turn to sign in anew; sessions and one-time links go on.
 * Thread-safe.
 */
public final class SignInLimits {
    private static final int LONGEST = 64;

    private final Rates all;
    private final Rates refusedByAddress;
    private final Rates refusedByClient;
    private final Rates refusedByPerson;
    private final Rates outsideAnswers;

    /** @param nanos a clock that only goes forward, such as {@link System#nanoTime} */
    public SignInLimits(Limits limits, LongSupplier nanos) {
        refusedByPerson = new Rates(limits.count(Limit.FAILED_SIGN_INS_PER_PERSON), nanos);
        outsideAnswers = new Rates(limits.count(Limit.OUTSIDE_ANSWERS_PER_ADDRESS), nanos);
        all = new Rates(limits.count(Limit.TOKENS_PER_ADDRESS), nanos);
        refusedByAddress = new Rates(limits.count(Limit.FAILED_TOKENS_PER_ADDRESS), nanos);
        refusedByClient = new Rates(limits.count(Limit.FAILED_TOKENS_PER_CLIENT), nanos);
    }

    /** Counts a request of this address; where it is one too many, how long to wait. */
    public Optional<Duration> arrived(String address) {
        return refusedByAddress.full(address).or(() -> all.count(address));
    }

    /** Counts a request of this address with which nothing can be guessed; where it is one too many, how long to wait. */
    public Optional<Duration> came(String address) {
        return all.count(address);
    }

    /**
     * Counts what an outside provider answered to a sign-in that was begun here; where it is one too many, how long to wait.
     * It is {@link #proven given back} where somebody is proven by it.
     */
    public Optional<Duration> answered(String address) {
        return outsideAnswers.count(address);
    }

    public void proven(String address) {
        outsideAnswers.giveBack(address);
    }

    /** How long to wait, where this client was refused too often from this address. Counts nothing. */
    Optional<Duration> wait(String address, String client) {
        return refusedByClient.full(key(address, client));
    }

    public void refused(String address, String client) {
        // which of them is full is asked before the next one
        refusedByAddress.note(address);
        refusedByClient.note(key(address, client));
    }

    /**
     * Counts a try to sign in as a person before it is made, so that tries at the same time do not pass together; where it
     * is one too many, how long to wait. A try that succeeds is {@link #succeeded given back}.
     *
     * @param known the person is signed in already in this browser: others, who guess at the same name, do not stand in
     *     the way
     */
    public Optional<Duration> begin(String address, String person, boolean known) {
        List<Taken> wanted = taken(address, person, known);
        for (int i = 0; i < wanted.size(); i++) {
            Taken next = wanted.get(i);
            Optional<Duration> wait = next.rates().count(next.holder());
            if (wait.isPresent()) {
                wanted.subList(0, i).forEach(t -> t.rates().giveBack(t.holder()));
                return wait;
            }
        }
        return Optional.empty();
    }

    /** The try was right, so it does not count among the refused ones. */
    public void succeeded(String address, String person, boolean known) {
        taken(address, person, known).forEach(t -> t.rates().giveBack(t.holder()));
    }

    private record Taken(Rates rates, String holder) {}

    private List<Taken> taken(String address, String person, boolean known) {
        List<Taken> all = new ArrayList<>();
        all.add(new Taken(refusedByAddress, address));
        all.add(new Taken(refusedByClient, key(address, person)));
        if (!known) {
            all.add(new Taken(refusedByPerson, key("", person)));
        }
        return all;
    }

    private static String key(String address, String client) {
        String id = client.length() > LONGEST ? client.substring(0, LONGEST) : client;
        return address + " " + id.toLowerCase(Locale.ROOT);
    }
}
