package dev.keyturn.server.http;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.server.limits.Budget;
import dev.keyturn.server.limits.Limit;
import dev.keyturn.server.limits.Limits;
import dev.keyturn.server.limits.Shares;
import dev.keyturn.server.limits.Tally;
import java.time.Duration;
import java.util.function.LongSupplier;

/** What all requests share: the counts and budgets behind the limits, and the words of a refusal. Thread-safe. */
final class Gates {
    /** Smaller answers are not counted: they fit what a connection buffers anyway. */
    static final int SMALL_ANSWER = 16 << 10;

    final Limits limits;
    final LongSupplier nanos;
    final Shares bodies;
    final Budget answers;
    private final Tally openBodies;
    private final Tally requests;
    private final Tally streams;

    Gates(Limits limits, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
        bodies = new Shares(limits.of(Limit.BODY_MEMORY), limits.of(Limit.BODY_MEMORY_PER_PRINCIPAL));
        answers = new Budget(limits.of(Limit.ANSWER_MEMORY));
        openBodies = new Tally(limits.count(Limit.OPEN_BODIES), limits.count(Limit.OPEN_BODIES_PER_ADDRESS));
        requests = new Tally(limits.count(Limit.REQUESTS), limits.count(Limit.REQUESTS_PER_PRINCIPAL));
        streams = new Tally(limits.count(Limit.STREAMS), limits.count(Limit.STREAMS_PER_PRINCIPAL));
    }

    /** How long that many bytes may take on their way, in nanoseconds. */
    long allowed(long bytes) {
        long grace = limits.seconds(Limit.GRACE_SECONDS).toNanos();
        return grace + (long) (bytes * 1e9 / limits.of(Limit.BYTES_PER_SECOND));
    }

    /** Returns what gives the place back. */
    Runnable enterRequest(String principal) {
        return switch (requests.enter(principal)) {
            case IN -> () -> requests.leave(principal);
            case FULL -> throw busy("requests are under way");
            case HOLDER_FULL -> throw throttled("This principal has as many requests under way as one may have.");
        };
    }

    /** A place for an answer that goes on. Returns what gives it back. */
    Runnable enterStream(String principal) {
        return switch (streams.enter(principal)) {
            case IN -> () -> streams.leave(principal);
            case FULL -> throw busy("pages are told of changes");
            case HOLDER_FULL ->
                throw throttled("As many pages of this person's are told of changes as one person may have. Such a page"
                        + " looks again by itself from time to time.");
        };
    }

    /** Takes memory for a body; whoever is let in gives it back. */
    void takeBody(String principal, long bytes) {
        switch (bodies.take(principal, bytes)) {
            case IN -> {}
            case FULL -> throw busy("bytes of request bodies are being read");
            case HOLDER_FULL ->
                throw throttled("As many bytes of request bodies of this principal are being read as one may have.");
        }
    }

    /** Returns what gives the place back. */
    Runnable enterOpenBody(String address) {
        return switch (openBodies.enter(address)) {
            case IN -> () -> openBodies.leave(address);
            case FULL -> throw busy("requests without a token are being read");
            case HOLDER_FULL ->
                throw throttled("This address has as many requests without a token under way as one may have.");
        };
    }

    static RuntimeException busy(String what) {
        return full(what).asException();
    }

    static DomainError full(String what) {
        return new DomainError.Unavailable(ErrorInfo.of(
                "ServerBusy", "As many " + what + " as this server can hold. Try again in a few seconds."));
    }

    private static RuntimeException throttled(String message) {
        return new DomainError.Throttled(ErrorInfo.of("TooManyRequests", message), Duration.ofSeconds(1)).asException();
    }
}
