package dev.keyturn.host.simulated;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The way to the host, which every call takes: slow or closed where a fault says so. */
final class Gate {
    private final String host;
    private final Duration patience;
    private final Faults faults;
    private final Sleeper sleeper;

    Gate(String host, Duration patience, Faults faults, Sleeper sleeper) {
        this.host = host;
        this.patience = patience;
        this.faults = faults;
        this.sleeper = sleeper;
    }

    Duration patience() {
        return patience;
    }

    /** Lets the call in, and says which faults are set. */
    List<Fault> enter(HostCall call) {
        List<Fault> set = faults.all();
        for (Fault fault : set) {
            if (fault.strikes(FaultKind.UNREACHABLE, call) && faults.strikes(fault)) {
                throw unreachable("does not answer (fault '" + fault.id() + "')");
            }
        }
        Optional<Fault> slowest = set.stream()
                .filter(f -> f.strikes(FaultKind.SLOW, call))
                .max(Comparator.comparing(f -> f.delay().orElse(Duration.ZERO)));
        if (slowest.isPresent() && faults.strikes(slowest.get())) {
            dawdle(call, slowest.get());
        }
        return set;
    }

    private void dawdle(HostCall call, Fault slow) {
        Duration delay = slow.delay().orElse(Duration.ZERO);
        boolean tooSlow = call.question() && delay.compareTo(patience) > 0;
        try {
            sleeper.sleep(tooSlow ? patience : delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable("was asked, and the asking was interrupted");
        }
        if (tooSlow) {
            throw unreachable("did not answer within " + patience.toMillis() + " ms (fault '" + slow.id() + "')");
        }
    }

    private RuntimeException unreachable(String what) {
        return new DomainError.Unavailable(
                        ErrorInfo.at(host, "HostNotReachable", "The host '" + host + "' " + what + "."))
                .asException();
    }
}
