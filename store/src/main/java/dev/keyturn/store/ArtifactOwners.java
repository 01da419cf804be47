package dev.keyturn.store;

import dev.keyturn.core.artifact.HeldArtifact;
import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Who owns artifacts, and which VM has them: the only statements in which an artifact meets the tables of its owners. A
 * VM has what it owns and what its disks own.
 */
final class ArtifactOwners {
    /** Of {@code artifact a}: {@code d} the disk that owns it, {@code v} the VM that has it, each where there is one. */
    static final String JOIN = " LEFT JOIN disk d ON d.id = a.owner_id"
            + " LEFT JOIN vm v ON v.id = coalesce(d.vm_id, a.owner_id)"; // a disk's number is no VM's

    private static final String NAMED = JOIN + " LEFT JOIN resource vm ON vm.id = v.id";
    private static final String OF_VM = """
             WHERE a.owner_id IN (SELECT id FROM resource WHERE arm_key = ?
                UNION ALL SELECT d.id FROM resource r JOIN disk d ON d.vm_id = r.id WHERE r.arm_key = ?)
            ORDER BY a.id""";
    private static final String IMAGES =
            "SELECT a.id, a.kind, v.vm_uuid, d.disk_uuid, d.lun, d.size_gb, d.image_file" + " FROM artifact a" + JOIN;
    private static final String MOVING = ".state IN ('CREATING', 'DELETING')";

    private ArtifactOwners() {}

    static String ofVm(String select) {
        return select + OF_VM;
    }

    static Map<ArtifactId, HeldArtifact> held(SqlTx tx, Collection<ArtifactId> ids) {
        Map<ArtifactId, Optional<ArmId>> vms = new HashMap<>();
        ArtifactRows.among(
                        tx,
                        "SELECT a.id, vm.display FROM artifact a" + NAMED,
                        row -> Map.entry(new ArtifactId(row.number()), row.optionalArmId()),
                        ids)
                .forEach(e -> vms.put(e.getKey(), e.getValue()));
        return ArtifactRows.byIds(tx, ids).stream()
                .map(a -> new HeldArtifact(a, vms.getOrDefault(a.id(), Optional.empty())))
                .collect(Collectors.toUnmodifiableMap(h -> h.artifact().id(), h -> h));
    }

    static Map<ArtifactId, ArtifactImage> images(SqlTx tx, Collection<ArtifactId> ids) {
        List<ArtifactImage> found = ArtifactRows.among(tx, IMAGES, ArtifactOwners::image, ids);
        Map<ArtifactId, ArtifactImage> images = HashMap.newHashMap(found.size());
        found.forEach(image -> images.put(image.artifact(), image));
        return images;
    }

    private static ArtifactImage image(Row row) throws SQLException {
        return new ArtifactImage(
                new ArtifactId(row.number()),
                ArtifactKind.numbered(row.integer()),
                row.optionalText().map(UUID::fromString),
                row.optionalText().map(UUID::fromString),
                row.optionalInteger(),
                made(row.optionalInteger(), row.optionalText().isPresent()));
    }

    private static Optional<ArtifactImage.Made> made(Optional<Integer> sizeGb, boolean filled) {
        return sizeGb.map(size -> new ArtifactImage.Made(size, filled));
    }

    static Set<ArtifactId> settled(SqlTx tx, Collection<ArtifactId> ids) {
        String select = "SELECT a.id, CASE WHEN o" + MOVING + " OR vm" + MOVING + " THEN 1 ELSE 0 END FROM artifact a"
                + " LEFT JOIN resource o ON o.id = a.owner_id" + NAMED;
        return ArtifactRows.among(tx, select, ArtifactOwners::unlessMoving, ids).stream()
                .flatMap(Optional::stream)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<ArtifactId> unlessMoving(Row row) throws SQLException {
        ArtifactId id = new ArtifactId(row.number());
        return row.truth() ? Optional.empty() : Optional.of(id);
    }
}
