package dev.keyturn.core.host;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/** The hosts this server runs VMs on. Immutable. */
public record Hosts(List<VmHost> all) {
    public Hosts {
        all = List.copyOf(all);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("a server needs at least one host");
        }
    }

    /** The host of that name; {@code Unavailable} where it is not configured any more. */
    public VmHost named(String name) {
        return all.stream()
                .filter(h -> h.info().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new DomainError.Unavailable(ErrorInfo.of(
                                "HostNotConfigured", "This server is not configured with the host '" + name + "'."))
                        .asException());
    }

    /** Where the next VM or disk is put: the host with the fewest VMs, the first of several. */
    public VmHost place(ToLongFunction<String> vms) {
        return all.size() == 1
                ? all.getFirst()
                : all.stream()
                        .min(Comparator.comparingLong(
                                h -> vms.applyAsLong(h.info().name())))
                        .orElseThrow();
    }
}
