package dev.keyturn.core.vital;

import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;

/**
 * Where bugs are told: the first of a kind with its stack trace, those that follow within a minute as a number, which
 * is told with the next of them or beside another fault. Two faults are of one kind where they are of one class and
 * came from one place. Remembers {@value #KINDS} kinds at most. Thread-safe.
 */
public final class FaultLog {
    private static final Duration QUIET = Duration.ofMinutes(1);
    private static final int KINDS = 64;
    /** Of a stack that ran over: enough to see who calls whom. */
    private static final int FRAMES = 64;

    private static final String OWN = "dev.keyturn.";

    private final Logger log;
    private final LongSupplier nanos;
    private final Map<String, Told> told = new LinkedHashMap<>();

    private static final class Told {
        final String id;
        final long at;
        long more;

        Told(String id, long at) {
            this.id = id;
            this.at = at;
        }
    }

    public FaultLog(Logger log) {
        this(log, System::nanoTime);
    }

    /** @param nanos a clock that only goes forward, such as {@link System#nanoTime} */
    FaultLog(Logger log, LongSupplier nanos) {
        this.log = log;
        this.nanos = nanos;
    }

    /**
     * @param id what a person can look for in the log
     * @param what what was being done, in a few words without secrets
     * @return the id under which the trace of this kind was told last
     */
    public String tell(String id, String what, Throwable fault) {
        String kind = kind(fault);
        String more;
        synchronized (told) {
            long now = nanos.getAsLong();
            Told before = told.get(kind);
            if (before != null && now - before.at < QUIET.toNanos()) {
                before.more++;
                return before.id;
            }
            more = before == null || before.more == 0 ? "" : " (and " + before.more + " more like it since the last)";
            told.remove(kind);
            forget(now);
            told.put(kind, new Told(id, now));
        }
        if (fault instanceof StackOverflowError && fault.getStackTrace().length > FRAMES) {
            fault.setStackTrace(Arrays.copyOf(fault.getStackTrace(), FRAMES));
        }
        log.error("{} {}{}", what, id, more, fault);
        return id;
    }

    /** Drops the kinds that were quiet for long, and the oldest where there are too many, telling what was not told. */
    private void forget(long now) {
        Iterator<Map.Entry<String, Told>> oldest = told.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<String, Told> entry = oldest.next();
            Told one = entry.getValue();
            if (now - one.at < QUIET.toNanos() && told.size() < KINDS) {
                return;
            }
            if (one.more > 0) {
                log.error("{} more faults like that of {}: {}", one.more, one.id, entry.getKey());
            }
            oldest.remove();
        }
    }

    int kinds() {
        synchronized (told) {
            return told.size();
        }
    }

    private static String kind(Throwable fault) {
        StackTraceElement[] trace = fault.getStackTrace();
        Optional<String> own = Stream.of(trace)
                .filter(f -> f.getClassName().startsWith(OWN))
                .findFirst()
                .map(StackTraceElement::toString);
        // Where a stack runs over is chance.
        String top = trace.length == 0 || fault instanceof StackOverflowError ? "" : trace[0].toString();
        return fault.getClass().getName() + " at " + top
                + own.map(o -> " in " + o).orElse("");
    }
}
