package dev.keyturn.host.simulated;

import dev.keyturn.core.artifact.HeldArtifact;
import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.vm.ConfidentialVm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One injected fault. {@code vm} and {@code disk} narrow it to what has that name (in any resource group) or that full
 * resource id; without them it holds for all. {@code times} is how often it still strikes, after which it is gone;
 * empty means until it is removed. {@code delay} belongs to {@link FaultKind#SLOW} alone. Immutable.
 */
public record Fault(
        String id,
        FaultKind kind,
        Optional<String> vm,
        Optional<String> disk,
        Optional<ArtifactKind> artifact,
        Optional<HostCall> call,
        Optional<Duration> delay,
        Optional<Long> times) {
    public static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
    /** A call that hangs longer than this tells nothing more. */
    public static final Duration LONGEST_DELAY = Duration.ofMinutes(10);

    /** What is wrong with a combination of fields: the field, and what would be right. */
    public record Wrong(String field, String message) {}

    public Fault {
        List<Wrong> wrong = check(id, kind, vm, disk, artifact, call, delay, times);
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(wrong.getFirst().message());
        }
    }

    /** A fault of that kind that holds for everything, until it is removed. Not for {@link FaultKind#SLOW}. */
    public static Fault of(String id, FaultKind kind) {
        Optional<String> any = Optional.empty();
        return new Fault(id, kind, any, any, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static Fault slow(String id, Duration delay) {
        Optional<String> any = Optional.empty();
        return new Fault(
                id, FaultKind.SLOW, any, any, Optional.empty(), Optional.empty(), Optional.of(delay), Optional.empty());
    }

    public Fault ofVm(String nameOrId) {
        return new Fault(id, kind, Optional.of(nameOrId), disk, artifact, call, delay, times);
    }

    public Fault ofDisk(String nameOrId) {
        return new Fault(id, kind, vm, Optional.of(nameOrId), artifact, call, delay, times);
    }

    public Fault of(ArtifactKind only) {
        return new Fault(id, kind, vm, disk, Optional.of(only), call, delay, times);
    }

    public Fault at(HostCall only) {
        return new Fault(id, kind, vm, disk, artifact, Optional.of(only), delay, times);
    }

    public Fault times(long count) {
        return new Fault(id, kind, vm, disk, artifact, call, delay, Optional.of(count));
    }

    /** All that is wrong with these fields together; empty where they make a fault. */
    public static List<Wrong> check(
            String id,
            FaultKind kind,
            Optional<String> vm,
            Optional<String> disk,
            Optional<ArtifactKind> artifact,
            Optional<HostCall> call,
            Optional<Duration> delay,
            Optional<Long> times) {
        List<Wrong> wrong = new ArrayList<>();
        if (!ID.matcher(id).matches()) {
            wrong.add(new Wrong("id", "A fault's id is 1 to 64 letters, digits, '-', '_' and '.', not '" + id + "'."));
        }
        if (kind.ofHost() && vm.isPresent()) {
            wrong.add(new Wrong("vm", "'" + kind.wire() + "' is about the whole host; it takes no 'vm'."));
        }
        if (!kind.ofArtifacts() && disk.isPresent()) {
            wrong.add(new Wrong("disk", "'" + kind.wire() + "' is not about artifacts; it takes no 'disk'."));
        }
        if (!kind.ofArtifacts() && artifact.isPresent()) {
            wrong.add(new Wrong("artifact", "'" + kind.wire() + "' is not about artifacts; it takes no 'artifact'."));
        }
        if (!kind.ofHost() && call.isPresent()) {
            wrong.add(new Wrong("call", "Only 'slow' and 'unreachable' take a 'call'."));
        }
        if (kind == FaultKind.SLOW && delay.isEmpty()) {
            wrong.add(new Wrong("delayMs", "'delayMs' is required for 'slow'."));
        }
        if (kind != FaultKind.SLOW && delay.isPresent()) {
            wrong.add(new Wrong("delayMs", "Only 'slow' takes a 'delayMs'."));
        }
        if (delay.filter(d -> d.isNegative() || d.isZero() || d.compareTo(LONGEST_DELAY) > 0)
                .isPresent()) {
            wrong.add(new Wrong("delayMs", "'delayMs' must be between 1 and " + LONGEST_DELAY.toMillis() + "."));
        }
        if (times.filter(t -> t < 1).isPresent()) {
            wrong.add(new Wrong("times", "'times' must be at least 1."));
        }
        return wrong;
    }

    boolean strikes(FaultKind wanted, HostCall now) {
        return kind == wanted && call.map(now::equals).orElse(true);
    }

    boolean hits(HeldArtifact it) {
        ArmId owner = it.artifact().owner();
        return artifact.map(a -> a == it.artifact().kind()).orElse(true)
                && vm.map(v -> it.vm().filter(id -> names(v, id)).isPresent()).orElse(true)
                && disk.map(d -> owner.hasType(Disk.TYPE) && names(d, owner)).orElse(true);
    }

    boolean hits(Optional<ConfidentialVm> it) {
        return vm.map(v -> it.filter(m -> names(v, m.id())).isPresent()).orElse(true);
    }

    private static boolean names(String nameOrId, ArmId id) {
        return nameOrId.startsWith("/")
                ? ArmId.parse(nameOrId).filter(id::equals).isPresent()
                : id.name().equalsIgnoreCase(nameOrId);
    }
}
