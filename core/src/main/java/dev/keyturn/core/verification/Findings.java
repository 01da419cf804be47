package dev.keyturn.core.verification;

import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
    private final Numbers others = new Numbers();
    private long opened;
    private long through;
    private final LeftOut leftOut = new LeftOut();
    private final Numbers unseen = new Numbers();
    private final Map<String, ErrorInfo> silent = new HashMap<>();

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
        others.add(problem.artifact().value());
    }

    /** The host did not answer for it. */
    void unseen(ArtifactId artifact, String host, ErrorInfo why) {
        unseen.add(artifact.value());
        silent.putIfAbsent(host, why);
    }

    /** Looks at those that are not named, page by page; so that the last transaction need not look at them. */
    void leaveOutTheGone(Transactions transactions) {
        others.keep(page -> there(transactions, page), leftOut::add);
        unseen.keep(page -> there(transactions, page), leftOut::add);
    }

    private Set<ArtifactId> there(Transactions transactions, Collection<ArtifactId> some) {
        return transactions.read(tx -> artifacts.settled(tx, some));
    }

    /** As it is in this transaction: with what is there, and neither in the making nor on its way out. */
    DeepVerification.Report report(Tx tx) {
        Set<ArtifactId> ids = named.stream().map(ImageProblem::artifact).collect(Collectors.toCollection(HashSet::new));
        Set<ArtifactId> there = ids.isEmpty() ? Set.of() : artifacts.settled(tx, ids);
        List<ImageProblem> problems =
                named.stream().filter(p -> there.contains(p.artifact())).toList();
        LeftOut all = leftOut.copy();
        ids.stream().filter(id -> !there.contains(id)).forEach(id -> all.add(id.value()));
        Set<ArtifactId> first = unseen.first(NAMED);
        Set<ArtifactId> still = first.isEmpty() ? Set.of() : artifacts.settled(tx, first);
        first.stream().filter(id -> !still.contains(id)).forEach(id -> all.add(id.value()));
        long count = unseen.size() - (long) first.size() + still.size();
        return new DeepVerification.Report(
                opened,
                problems.size() + (long) others.size(),
                problems,
                all.through(through),
                all.ids(),
                count == 0 ? Verification.Unseen.NONE : new Verification.Unseen(count, still, silent));
    }
}
