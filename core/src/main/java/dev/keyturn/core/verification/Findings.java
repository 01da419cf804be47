package dev.keyturn.core.verification;

import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a verification has found so far. It takes its time, and VMs and disks are deleted beside it: what goes before its
 * end is left out of its answer, so the answer is made in the transaction that ends it. It may stay all the same, where a
 * deletion fails or releases a disk: so what is left out is kept by number. Of the artifacts that do not open the first
 * thousand are kept with the reason and the others by number alone, of which a fleet can have millions.
 * Not thread-safe.
 */
final class Findings {
    /** An answer names this many problems; it counts them all. */
    private static final int NAMED = 1_000;

    private final ArtifactStore artifacts;
    private final List<ImageProblem> named = new ArrayList<>();
    private long[] others = new long[0];
    private int unnamed;
    private long opened;
    private long through;
    private final LeftOut leftOut = new LeftOut();

    Findings(ArtifactStore artifacts) {
        this.artifacts = artifacts;
    }

    void opened(long more) {
        opened += more;
    }

    /** Everything up to this one was come to; ids only grow. */
    void cameTo(ArtifactId last) {
        through = last.value();
    }

    /** Nothing is said of this one, though it may stay. */
    void leftOut(ArtifactId artifact) {
        leftOut.add(artifact.value());
    }

    void problem(ImageProblem problem) {
        if (named.size() < NAMED) {
            named.add(problem);
            return;
        }
        if (unnamed == others.length) {
            others = Arrays.copyOf(others, Math.max(NAMED, 2 * unnamed));
        }
        others[unnamed++] = problem.artifact().value();
    }

    /** Looks at those that are not named, page by page; so that the last transaction need not. */
    void leaveOutTheGone(Transactions transactions) {
        int kept = 0;
        for (int from = 0; from < unnamed; from += NAMED) {
            long[] page = Arrays.copyOfRange(others, from, Math.min(unnamed, from + NAMED));
            Set<ArtifactId> there = transactions.read(tx -> artifacts.settled(
                    tx, Arrays.stream(page).mapToObj(ArtifactId::new).toList()));
            for (long id : page) {
                if (there.contains(new ArtifactId(id))) {
                    others[kept++] = id;
                } else {
                    leftOut.add(id);
                }
            }
        }
        unnamed = kept;
    }

    /** As it is in this transaction: with what is there, and neither in the making nor on its way out. */
    DeepVerification.Report report(Tx tx) {
        Set<ArtifactId> ids = named.stream().map(ImageProblem::artifact).collect(Collectors.toCollection(HashSet::new));
        Set<ArtifactId> there = ids.isEmpty() ? Set.of() : artifacts.settled(tx, ids);
        List<ImageProblem> problems =
                named.stream().filter(p -> there.contains(p.artifact())).toList();
        LeftOut all = leftOut.copy();
        ids.stream().filter(id -> !there.contains(id)).forEach(id -> all.add(id.value()));
        return new DeepVerification.Report(
                opened, problems.size() + (long) unnamed, problems, all.through(through), all.ids());
    }
}
