package dev.keyturn.core.artifact;

import dev.keyturn.core.host.HostFile;
import dev.keyturn.core.host.Hosts;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.tx.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Files on hosts that no VM and no disk of this server has: what a restored or damaged store has forgotten, and what a
 * kill left half-made. They are listed and never deleted (docs/libvirt-host.md). Thread-safe; must not be called inside a
 * transaction.
 */
public final class UnclaimedFiles {
    /** Something half-made that has an owner may be in the making; one that nobody wrote to for so long is not. */
    static final Duration IN_THE_MAKING = Duration.ofHours(1);

    private final Transactions transactions;
    private final ArtifactStore artifacts;
    private final Hosts hosts;
    private final Clock clock;

    public UnclaimedFiles(Transactions transactions, ArtifactStore artifacts, Hosts hosts, Clock clock) {
        this.transactions = transactions;
        this.artifacts = artifacts;
        this.hosts = hosts;
        this.clock = clock;
    }

    /** One of them, on the host of that name. */
    public record Unclaimed(String host, HostFile file) {}

    /** A host that did not say what it has, and why. */
    public record Silent(String host, String why) {}

    /** All of them, by host and path. */
    public record Found(List<Unclaimed> files, List<Silent> silent) {
        public Found {
            files = List.copyOf(files);
            silent = List.copyOf(silent);
        }
    }

    public Found look() {
        List<Unclaimed> files = new ArrayList<>();
        List<Silent> silent = new ArrayList<>();
        for (VmHost host : hosts.all()) {
            String name = host.info().name();
            try {
                unclaimed(host).forEach(f -> files.add(new Unclaimed(name, f)));
            } catch (DomainException e) {
                silent.add(new Silent(name, e.error().info().message()));
            }
        }
        return new Found(files, silent);
    }

    /**
     * Rows are made before files and go after them. So a file that is seen before and after the rows were read, and that
     * none of them names, is nobody's, whatever is under way.
     */
    private List<HostFile> unclaimed(VmHost host) {
        List<HostFile> before = host.files();
        Set<UUID> owners =
                before.stream().flatMap(f -> f.owner().stream()).collect(Collectors.toCollection(HashSet::new));
        Set<UUID> named = owners.isEmpty() ? Set.of() : transactions.read(tx -> artifacts.named(tx, owners));
        Instant old = clock.instant().minus(IN_THE_MAKING);
        List<HostFile> found = before.stream()
                .filter(f -> f.owner().filter(named::contains).isEmpty()
                        || (f.kind() == HostFile.Kind.UNFINISHED && f.changed().isBefore(old)))
                .sorted(Comparator.comparing(HostFile::path))
                .toList();
        if (found.isEmpty()) {
            return found;
        }
        Set<String> still = host.files().stream().map(HostFile::path).collect(Collectors.toSet());
        return found.stream().filter(f -> still.contains(f.path())).toList();
    }
}
