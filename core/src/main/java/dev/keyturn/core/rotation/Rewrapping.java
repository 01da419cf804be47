package dev.keyturn.core.rotation;

import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.artifact.HeldArtifact;
import dev.keyturn.core.artifact.SealedKey;
import dev.keyturn.core.envelope.Envelope;
import dev.keyturn.core.envelope.EnvelopeDamagedException;
import dev.keyturn.core.envelope.SetKeyCipher;
import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.Hosts;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.tx.Tx;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Re-wraps one batch of artifacts after another from the set keys they are under to the target's. An artifact either
 * gets a new envelope that was opened again, or keeps its old one and is named with the reason. Used by one thread at a
 * time; the transaction's thread counts as that thread while the caller waits for it.
 */
final class Rewrapping {
    private static final ErrorInfo CHANGED =
            ErrorInfo.of("ArtifactChanged", "it was changed by something else meanwhile");
    private static final ErrorInfo STORED_WRONG =
            ErrorInfo.of("StoredEnvelopeWrong", "the store did not give its new envelope back");

    private final ArtifactStore artifacts;
    private final Hosts hosts;
    private final SourceKeys sources;
    private final SetKeyCipher target;
    private final boolean deep;
    private final Map<String, ErrorInfo> silentHosts = new HashMap<>();

    Rewrapping(ArtifactStore artifacts, Hosts hosts, SourceKeys sources, SetKeyCipher target, boolean deep) {
        this.artifacts = artifacts;
        this.hosts = hosts;
        this.sources = sources;
        this.target = target;
        this.deep = deep;
    }

    private record Item(SealedKey key, ArtifactImage image) {}

    /** New envelopes that opened, and those that keep the old one, with the bare reason. Nothing is stored yet. */
    record Batch(List<ArtifactStore.Rewrap> rewraps, Map<ArtifactId, SealedKey> before, List<ImageProblem> problems) {}

    Batch prepare(List<SealedKey> page, Map<ArtifactId, ArtifactImage> images) {
        Map<ArtifactId, ErrorInfo> problems = new LinkedHashMap<>();
        List<Item> items = new ArrayList<>(page.size());
        for (SealedKey key : page) {
            ArtifactImage image = images.get(key.artifact());
            if (image != null) {
                items.add(new Item(key, image));
            }
        }
        items.stream()
                .collect(Collectors.groupingBy(i -> i.key().host()))
                .forEach((host, some) -> ask(host, some, problems));
        List<ArtifactStore.Rewrap> rewraps = new ArrayList<>(items.size());
        Map<ArtifactId, SealedKey> before = new HashMap<>();
        for (Item item : items) {
            SealedKey key = item.key();
            if (problems.containsKey(key.artifact())) {
                continue;
            }
            try {
                rewraps.add(new ArtifactStore.Rewrap(key.artifact(), key.revision(), rewrap(key)));
                before.put(key.artifact(), key);
            } catch (EnvelopeDamagedException e) {
                problems.put(key.artifact(), ErrorInfo.of("EnvelopeDamaged", e.why()));
            }
        }
        return new Batch(rewraps, before, listed(problems));
    }

    /**
     * Stores the new envelopes by compare-and-set and opens each again as it was stored, in the open transaction.
     * Returns who lost: changed by someone else in between, which nobody should be able to do.
     *
     * @throws StoredEnvelopesWrong where what was stored does not open to the same data key; the transaction must fail
     */
    List<ImageProblem> store(Tx tx, Batch batch) {
        if (batch.rewraps().isEmpty()) {
            return List.of();
        }
        Set<ArtifactId> lost = new HashSet<>(artifacts.rewrap(tx, batch.rewraps()));
        List<ArtifactId> written = batch.rewraps().stream()
                .map(ArtifactStore.Rewrap::id)
                .filter(id -> !lost.contains(id))
                .toList();
        Set<ArtifactId> wrong = new HashSet<>(written);
        for (SealedKey stored : artifacts.sealedKeys(tx, written)) {
            SealedKey old = batch.before().get(stored.artifact());
            if (old != null && opensAsBefore(stored, old)) {
                wrong.remove(stored.artifact());
            }
        }
        if (!wrong.isEmpty()) {
            throw new StoredEnvelopesWrong(wrong);
        }
        return lost.stream().sorted().map(id -> new ImageProblem(id, CHANGED)).toList();
    }

    /** The batch without those whose stored envelope was wrong, which are named instead. */
    static Batch without(Batch batch, Set<ArtifactId> wrong) {
        List<ImageProblem> problems = new ArrayList<>(batch.problems());
        wrong.stream().sorted().forEach(id -> problems.add(new ImageProblem(id, STORED_WRONG)));
        return new Batch(
                batch.rewraps().stream().filter(r -> !wrong.contains(r.id())).toList(), batch.before(), problems);
    }

    private Envelope rewrap(SealedKey key) {
        try (SecretBytes dataKey = open(key)) {
            Envelope fresh = target.seal(key.artifact(), key.set(), dataKey);
            try (SecretBytes again = target.open(key.artifact(), key.set(), fresh)) {
                if (!again.sameAs(dataKey)) {
                    throw new IllegalStateException("a new envelope of artifact " + key.artifact() + " does not open");
                }
            }
            return fresh;
        }
    }

    private SecretBytes open(SealedKey key) {
        return sources.of(key.envelope().setKey()).open(key.artifact(), key.set(), key.envelope());
    }

    private boolean opensAsBefore(SealedKey stored, SealedKey old) {
        if (!MessageDigest.isEqual(stored.envelope().check(), old.envelope().check())) {
            return false;
        }
        try {
            target.open(stored.artifact(), stored.set(), stored.envelope()).close();
            return true;
        } catch (EnvelopeDamagedException e) {
            return false;
        }
    }

    /** The host's word on its images of this batch: which cannot be updated now; with deep, which do not open. */
    private void ask(String hostName, List<Item> some, Map<ArtifactId, ErrorInfo> problems) {
        Set<ArtifactId> asked = some.stream().map(i -> i.key().artifact()).collect(Collectors.toSet());
        for (ImageProblem p : answers(hostName, some)) {
            if (asked.contains(p.artifact())) {
                problems.put(p.artifact(), p.reason());
            }
        }
    }

    private List<ImageProblem> answers(String hostName, List<Item> some) {
        ErrorInfo silent = silentHosts.get(hostName);
        if (silent != null) {
            return all(some, silent);
        }
        try {
            VmHost host = hosts.named(hostName);
            List<ImageProblem> found =
                    new ArrayList<>(host.refusals(some.stream().map(Item::image).toList()));
            if (deep) {
                Set<ArtifactId> refused =
                        found.stream().map(ImageProblem::artifact).collect(Collectors.toSet());
                found.addAll(prove(
                        host,
                        some.stream()
                                .filter(i -> !refused.contains(i.key().artifact()))
                                .toList()));
            }
            return found;
        } catch (DomainException e) {
            silentHosts.put(hostName, e.error().info());
            return all(some, e.error().info());
        }
    }

    private List<ImageProblem> prove(VmHost host, List<Item> some) {
        List<HostArtifact> keyed = new ArrayList<>();
        List<ImageProblem> problems = new ArrayList<>();
        try {
            for (Item item : some) {
                try {
                    keyed.add(new HostArtifact(item.image(), open(item.key())));
                } catch (EnvelopeDamagedException e) {
                    problems.add(new ImageProblem(item.key().artifact(), ErrorInfo.of("EnvelopeDamaged", e.why())));
                }
            }
            problems.addAll(host.prove(keyed));
            return problems;
        } finally {
            keyed.forEach(k -> k.dataKey().close());
        }
    }

    private static List<ImageProblem> all(List<Item> some, ErrorInfo reason) {
        return some.stream()
                .map(i -> new ImageProblem(i.key().artifact(), reason))
                .toList();
    }

    /** The problems as they are recorded: of what, by name, and why. */
    List<ImageProblem> named(Tx tx, List<ImageProblem> problems) {
        if (problems.isEmpty()) {
            return problems;
        }
        Map<ArtifactId, HeldArtifact> held =
                artifacts.held(tx, problems.stream().map(ImageProblem::artifact).toList());
        return problems.stream()
                .map(p -> Optional.ofNullable(held.get(p.artifact()))
                        .map(h -> new ImageProblem(p.artifact(), keepsOldKey(h, p.reason())))
                        .orElse(p))
                .toList();
    }

    private static ErrorInfo keepsOldKey(HeldArtifact held, ErrorInfo why) {
        String message = held.describe() + " keeps its old key: " + why.message();
        return ErrorInfo.at(held.target().toString(), why.code(), message);
    }

    private static List<ImageProblem> listed(Map<ArtifactId, ErrorInfo> problems) {
        return problems.entrySet().stream()
                .map(e -> new ImageProblem(e.getKey(), e.getValue()))
                .toList();
    }

    /** What was stored does not open to the same data key: the batch is rolled back and done again without these. */
    static final class StoredEnvelopesWrong extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Set<ArtifactId> wrong;

        StoredEnvelopesWrong(Set<ArtifactId> wrong) {
            super(wrong.size() + " stored envelopes do not open", null, false, false);
            this.wrong = Set.copyOf(wrong);
        }

        Set<ArtifactId> wrong() {
            return wrong;
        }
    }
}
