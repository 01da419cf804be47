package dev.keyturn.host.simulated;

import dev.keyturn.core.image.Image;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.SqlTx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The rows of the simulated host in the server's database: {@code simhost_machine} and {@code simhost_image}. */
public final class SqlSimulatedMachines implements SimulatedMachines {
    /** One statement text for lists of any length, so that it stays prepared; short lists repeat their last id. */
    private static final int CHUNK = 500;

    private static final String IN_CHUNK = " IN (" + "?, ".repeat(CHUNK - 1) + "?)";
    private static final String IMAGES = "SELECT i.artifact, i.kind, m.vm_uuid, i.sealed, i.bytes FROM simhost_image i"
            + " LEFT JOIN simhost_machine m ON m.id = i.machine WHERE i.artifact" + IN_CHUNK;
    private static final String IN_USE = "SELECT i.artifact, coalesce(m.running, 0), i.bytes FROM simhost_image i"
            + " LEFT JOIN simhost_machine m ON m.id = i.machine WHERE i.artifact" + IN_CHUNK;

    @Override
    public Map<ArtifactId, Image> images(Tx tx, Collection<ArtifactId> ids) {
        Map<ArtifactId, Image> found = new HashMap<>();
        for (Object[] chunk : chunks(ids)) {
            SqlTx.of(tx)
                    .list(
                            IMAGES,
                            r -> new Image(
                                    new ArtifactId(r.number()),
                                    r.constant(ArtifactKind.class),
                                    r.optionalText().map(UUID::fromString),
                                    r.bytes(),
                                    r.optionalNumber()),
                            chunk)
                    .forEach(image -> found.put(image.artifact(), image));
        }
        return found;
    }

    @Override
    public Map<ArtifactId, Boolean> inUse(Tx tx, Collection<ArtifactId> ids) {
        Map<ArtifactId, Boolean> found = HashMap.newHashMap(ids.size());
        for (Object[] chunk : chunks(ids)) {
            SqlTx.of(tx).list(IN_USE, r -> found.put(new ArtifactId(r.number()), r.truth()) == null, chunk);
        }
        return found;
    }

    @Override
    public Map<ArtifactId, Use> uses(Tx tx, Collection<ArtifactId> ids) {
        Map<ArtifactId, Use> found = HashMap.newHashMap(ids.size());
        for (Object[] chunk : chunks(ids)) {
            SqlTx.of(tx)
                    .list(
                            IN_USE,
                            r -> found.put(new ArtifactId(r.number()), new Use(r.truth(), r.optionalNumber())) == null,
                            chunk);
        }
        return found;
    }

    @Override
    public void insert(Tx tx, Collection<Image> images) {
        SqlTx.of(tx)
                .batch(
                        "INSERT INTO simhost_image (artifact, kind, machine, sealed, bytes) VALUES"
                                + " (?, ?, (SELECT id FROM simhost_machine WHERE vm_uuid = ?), ?, ?)"
                                + " ON CONFLICT (artifact) DO NOTHING",
                        images,
                        (statement, image) -> {
                            statement.setLong(1, image.artifact().value());
                            statement.setString(2, image.kind().name());
                            statement.setString(
                                    3, image.vmId().map(UUID::toString).orElse(null));
                            statement.setBytes(4, image.sealed());
                            statement.setObject(5, image.bytes().orElse(null));
                        });
    }

    @Override
    public Hit move(Tx tx, ArtifactId id, Optional<UUID> vmId) {
        return Hit.of(SqlTx.of(tx)
                        .update(
                                "UPDATE simhost_image SET machine = (SELECT id FROM simhost_machine WHERE vm_uuid = ?)"
                                        + " WHERE artifact = ?",
                                vmId,
                                id)
                == 1);
    }

    @Override
    public void delete(Tx tx, Collection<ArtifactId> ids) {
        SqlTx.of(tx)
                .batch(
                        "DELETE FROM simhost_image WHERE artifact = ?",
                        ids,
                        (statement, id) -> statement.setLong(1, id.value()));
    }

    @Override
    public boolean hasGuestState(Tx tx, UUID vmId) {
        return SqlTx.of(tx)
                .exists(
                        "SELECT 1 FROM simhost_image WHERE kind = 'GUEST_STATE' AND machine ="
                                + " (SELECT id FROM simhost_machine WHERE vm_uuid = ?)",
                        vmId);
    }

    @Override
    public void equip(Tx tx, UUID vmId, Collection<ArtifactId> ids) {
        Set<ArtifactId> before = new HashSet<>(SqlTx.of(tx)
                .list(
                        "SELECT artifact FROM simhost_image WHERE machine ="
                                + " (SELECT id FROM simhost_machine WHERE vm_uuid = ?)",
                        r -> new ArtifactId(r.number()),
                        vmId));
        ids.stream().filter(id -> !before.contains(id)).forEach(id -> move(tx, id, Optional.of(vmId)));
        before.stream().filter(id -> !ids.contains(id)).forEach(id -> move(tx, id, Optional.empty()));
    }

    @Override
    public Optional<Boolean> running(Tx tx, UUID vmId) {
        return SqlTx.of(tx).one("SELECT running FROM simhost_machine WHERE vm_uuid = ?", r -> r.truth(), vmId);
    }

    @Override
    public Set<UUID> running(Tx tx) {
        return new HashSet<>(SqlTx.of(tx).list("SELECT vm_uuid FROM simhost_machine WHERE running = 1", r -> r.uuid()));
    }

    @Override
    public void define(Tx tx, UUID vmId) {
        SqlTx.of(tx)
                .update(
                        "INSERT INTO simhost_machine (vm_uuid, running) VALUES (?, 0) ON CONFLICT (vm_uuid) DO NOTHING",
                        vmId);
    }

    @Override
    public Hit switchTo(Tx tx, UUID vmId, boolean running) {
        return Hit.of(
                SqlTx.of(tx).update("UPDATE simhost_machine SET running = ? WHERE vm_uuid = ?", running, vmId) == 1);
    }

    @Override
    public void forget(Tx tx, UUID vmId) {
        SqlTx.of(tx).update("DELETE FROM simhost_machine WHERE vm_uuid = ?", vmId);
    }

    @Override
    public Optional<String> takeFence(Tx tx, Fence fence, Collection<String> subjects) {
        List<String> all = List.copyOf(subjects);
        int[] taken = SqlTx.of(tx)
                .batch(
                        "INSERT INTO simhost_fence (subject, fence) VALUES (?, ?) ON CONFLICT (subject)"
                                + " DO UPDATE SET fence = excluded.fence WHERE simhost_fence.fence <= excluded.fence",
                        all,
                        (statement, subject) -> {
                            statement.setString(1, subject);
                            statement.setLong(2, fence.number());
                        });
        return IntStream.range(0, taken.length)
                .filter(i -> taken[i] != 1)
                .mapToObj(all::get)
                .findFirst();
    }

    private static List<Object[]> chunks(Collection<ArtifactId> ids) {
        List<ArtifactId> sorted = ids.stream().distinct().sorted().collect(Collectors.toCollection(ArrayList::new));
        List<Object[]> chunks = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += CHUNK) {
            Object[] chunk = new Object[CHUNK];
            for (int i = 0; i < CHUNK; i++) {
                chunk[i] = sorted.get(Math.min(from + i, sorted.size() - 1));
            }
            chunks.add(chunk);
        }
        return chunks;
    }
}
