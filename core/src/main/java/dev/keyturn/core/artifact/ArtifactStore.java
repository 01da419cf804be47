package dev.keyturn.core.artifact;

import dev.keyturn.core.envelope.Envelope;
import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Tx;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The rows of artifacts and their envelopes: millions of them, so everything about a set is counted or paged. */
@CheckReturnValue
public interface ArtifactStore {
    /** {@code count} ids that nobody else gets: the first; the others follow it. */
    ArtifactId reserveIds(Tx tx, int count);

    void insert(Tx tx, Collection<Artifact> artifacts);

    Optional<Artifact> find(Tx tx, ArtifactId id);

    Optional<Artifact> ownedBy(Tx tx, ArmId owner);

    /** The VM's own and those of the disks that are attached to it, by id. */
    List<Artifact> ofVm(Tx tx, ArmId vm);

    /** Those of the set with a higher id than {@code after} that are not under {@code target}, by id. */
    List<SealedKey> notUnder(Tx tx, ArmId set, SetKeyId target, ArtifactId after, int limit);

    /** Those of the set with a higher id than {@code after}, by id. */
    List<Artifact> ofSet(Tx tx, ArmId set, ArtifactId after, int limit);

    /** Their envelopes as they are stored, by id; those that are gone are left out. */
    List<SealedKey> sealedKeys(Tx tx, Collection<ArtifactId> ids);

    /** These artifacts with the VMs that have them, to name them in what is said to people; without those that are gone. */
    Map<ArtifactId, HeldArtifact> held(Tx tx, Collection<ArtifactId> ids);

    /** What hosts call these artifacts; those that are gone are left out. */
    Map<ArtifactId, ArtifactImage> images(Tx tx, Collection<ArtifactId> ids);

    /** Those of them that are there and whose owner, and VM, are neither in the making nor on their way out. */
    Set<ArtifactId> settled(Tx tx, Collection<ArtifactId> ids);

    long countNotUnder(Tx tx, ArmId set, SetKeyId target);

    long count(Tx tx, ArmId set);

    /** How many artifacts of the set are under which set key, by kind. */
    Map<SetKeyId, Map<ArtifactKind, Long>> census(Tx tx, ArmId set);

    /** How many artifacts of the set are under which set key, by the name of the host that has their image. */
    Map<SetKeyId, Map<String, Long>> byHost(Tx tx, ArmId set);

    /** A re-wrap: the new envelope of an artifact that must still be at {@code revision}. */
    record Rewrap(ArtifactId id, long revision, Envelope envelope) {}

    /**
     * Compare-and-set of many envelopes; each adds one to its artifact's revision. Returns the ids of those that were
     * not at their revision any more, which are unchanged.
     */
    List<ArtifactId> rewrap(Tx tx, List<Rewrap> rewraps);

    /**
     * Deletes the artifacts with their envelopes, and notes their images as {@link Condemned}: as their VM's and
     * disk's, which will delete them; without {@code withOwner} as nobody's, so that only their number leads to them.
     */
    void condemn(Tx tx, Collection<ArtifactId> ids, boolean withOwner);

    /** Those of the VM that has this id on its host, and of disks that were attached to it. */
    List<Condemned> condemnedOfVm(Tx tx, UUID vmId);

    /** Those of the disk with this unique id. */
    List<Condemned> condemnedOfDisk(Tx tx, UUID diskId);

    Optional<Condemned> condemned(Tx tx, ArtifactId id);

    /** Their host has deleted them. */
    void forgetCondemned(Tx tx, Collection<ArtifactId> ids);

    /** Which of these unique ids of VMs and disks any row has: a VM's, a disk's, or a condemned image's. */
    Set<UUID> named(Tx tx, Collection<UUID> ids);

    /** The names of the hosts that have images of the set. */
    Set<String> hosts(Tx tx, ArmId set);
}
