package dev.keyturn.store;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.artifact.Condemned;
import dev.keyturn.core.envelope.Envelope;
import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Arguments;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Artifacts: one by one, by lists of ids, and re-wrapped. What is asked of a whole set is in {@link UnderSetKey}. */
final class SqlArtifactStore implements ArtifactStore {
    static final String COLUMNS = "a.id, a.kind, v.display, d.display, a.host, a.nonce, a.sealed, a.chk, a.revision";
    static final String OWNERS = " LEFT JOIN resource v ON v.id = a.vm_id LEFT JOIN resource d ON d.id = a.disk_id";
    private static final String SELECT = "SELECT s.display, k.uuid, " + COLUMNS
            + " FROM artifact a JOIN set_key k ON k.id = a.set_key_id LEFT JOIN resource s ON s.id = a.set_id" + OWNERS;
    private static final int CHUNK = 250;
    private static final String MARKS = String.join(", ", Collections.nCopies(CHUNK, "?"));

    @Override
    public ArtifactId reserveIds(Tx tx, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("cannot reserve " + count + " ids");
        }
        long next =
                SqlTx.of(tx).number("UPDATE counter SET next = next + ? WHERE name = 'artifact' RETURNING next", count);
        return new ArtifactId(next - count);
    }

    @Override
    public void insert(Tx tx, Collection<Artifact> artifacts) {
        SqlTx sql = SqlTx.of(tx);
        Map<ArmId, Long> resources = new HashMap<>();
        Map<SetKeyId, Long> keys = new HashMap<>();
        sql.batch(
                """
                INSERT INTO artifact
                    (id, kind, vm_id, disk_id, set_id, host, set_key_id, nonce, sealed, chk, revision)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                artifacts,
                (statement, artifact) -> Arguments.bind(
                        statement,
                        artifact.id(),
                        code(artifact.kind()),
                        artifact.vm().map(id -> resources.computeIfAbsent(id, i -> Heads.number(sql, i))),
                        artifact.disk().map(id -> Heads.number(sql, id)),
                        artifact.set().map(id -> resources.computeIfAbsent(id, i -> Heads.number(sql, i))),
                        artifact.host(),
                        keys.computeIfAbsent(artifact.envelope().setKey(), key -> number(sql, key)),
                        artifact.envelope().nonce(),
                        artifact.envelope().sealed(),
                        artifact.envelope().check(),
                        artifact.revision()));
    }

    @Override
    public Optional<Artifact> find(Tx tx, ArtifactId id) {
        return SqlTx.of(tx).one(SELECT + " WHERE a.id = ?", SqlArtifactStore::read, id);
    }

    @Override
    public List<Artifact> ofVm(Tx tx, ArmId vm) {
        return SqlTx.of(tx)
                .list(
                        SELECT + " WHERE a.vm_id = (SELECT id FROM resource WHERE arm_key = ?) ORDER BY a.id",
                        SqlArtifactStore::read,
                        vm);
    }

    @Override
    public Optional<Artifact> ofDisk(Tx tx, ArmId disk) {
        return SqlTx.of(tx)
                .one(
                        SELECT + " WHERE a.disk_id = (SELECT id FROM resource WHERE arm_key = ?)",
                        SqlArtifactStore::read,
                        disk);
    }

    @Override
    public List<Artifact> notUnder(Tx tx, ArmId set, SetKeyId target, ArtifactId after, int limit) {
        SqlTx sql = SqlTx.of(tx);
        return UnderSetKey.page(sql, UnderSetKey.ofSetBut(sql, set, target), after, limit);
    }

    @Override
    public List<Artifact> ofSet(Tx tx, ArmId set, ArtifactId after, int limit) {
        SqlTx sql = SqlTx.of(tx);
        return UnderSetKey.page(sql, UnderSetKey.ofSet(sql, set), after, limit);
    }

    @Override
    public List<Artifact> byIds(Tx tx, Collection<ArtifactId> ids) {
        return among(SqlTx.of(tx), SELECT, SqlArtifactStore::read, ids);
    }

    @Override
    public Map<ArtifactId, ArtifactImage> images(Tx tx, Collection<ArtifactId> ids) {
        Map<ArtifactId, ArtifactImage> images = new HashMap<>();
        among(
                        SqlTx.of(tx),
                        "SELECT a.id, a.kind, v.vm_uuid, d.disk_uuid, d.lun, d.size_gb, d.image_file FROM artifact a"
                                + " LEFT JOIN vm v ON v.id = a.vm_id LEFT JOIN disk d ON d.id = a.disk_id",
                        row -> new ArtifactImage(
                                new ArtifactId(row.number()),
                                kind(row.integer()),
                                row.optionalText().map(UUID::fromString),
                                row.optionalText().map(UUID::fromString),
                                row.optionalInteger(),
                                made(row.optionalInteger(), row.optionalText().isPresent())),
                        ids)
                .forEach(image -> images.put(image.artifact(), image));
        return images;
    }

    @Override
    public Set<ArtifactId> settled(Tx tx, Collection<ArtifactId> ids) {
        String moving = ".state IN ('CREATING', 'DELETING')";
        String select = "SELECT a.id, CASE WHEN v" + moving + " OR d" + moving + " THEN 1 ELSE 0 END FROM artifact a";
        return among(SqlTx.of(tx), select + OWNERS, SqlArtifactStore::unlessMoving, ids).stream()
                .flatMap(Optional::stream)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<ArtifactId> unlessMoving(Row row) throws SQLException {
        ArtifactId id = new ArtifactId(row.number());
        return row.truth() ? Optional.empty() : Optional.of(id);
    }

    private static Optional<ArtifactImage.Made> made(Optional<Integer> sizeGb, boolean filled) {
        return sizeGb.map(size -> new ArtifactImage.Made(size, filled));
    }

    @Override
    public Set<UUID> named(Tx tx, Collection<UUID> ids) {
        return HostNames.known(SqlTx.of(tx), ids);
    }

    @Override
    public Set<String> hosts(Tx tx, ArmId set) {
        SqlTx sql = SqlTx.of(tx);
        return UnderSetKey.ofSet(sql, set).stream()
                .flatMap(key -> key.hosts(sql).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public long countNotUnder(Tx tx, ArmId set, SetKeyId target) {
        SqlTx sql = SqlTx.of(tx);
        return UnderSetKey.count(sql, UnderSetKey.ofSetBut(sql, set, target));
    }

    @Override
    public long count(Tx tx, ArmId set) {
        SqlTx sql = SqlTx.of(tx);
        return UnderSetKey.count(sql, UnderSetKey.ofSet(sql, set));
    }

    @Override
    public Map<SetKeyId, Map<ArtifactKind, Long>> census(Tx tx, ArmId set) {
        SqlTx sql = SqlTx.of(tx);
        Map<SetKeyId, Map<ArtifactKind, Long>> census = new HashMap<>();
        for (UnderSetKey key : UnderSetKey.ofSet(sql, set)) {
            Map<ArtifactKind, Long> kinds = key.census(sql);
            if (!kinds.isEmpty()) {
                census.put(key.id(), kinds);
            }
        }
        return census;
    }

    @Override
    public List<ArtifactId> rewrap(Tx tx, List<Rewrap> rewraps) {
        SqlTx sql = SqlTx.of(tx);
        Map<SetKeyId, Long> keys = new HashMap<>();
        int[] changed = sql.batch("""
            UPDATE artifact SET set_key_id = ?, nonce = ?, sealed = ?, revision = revision + 1
            WHERE id = ? AND revision = ? AND chk = ?\
            """, rewraps, (statement, rewrap) -> {
            Envelope envelope = rewrap.envelope();
            statement.setLong(1, keys.computeIfAbsent(envelope.setKey(), key -> number(sql, key)));
            statement.setBytes(2, envelope.nonce());
            statement.setBytes(3, envelope.sealed());
            statement.setLong(4, rewrap.id().value());
            statement.setLong(5, rewrap.revision());
            statement.setBytes(6, envelope.check());
        });
        List<ArtifactId> losers = new ArrayList<>();
        for (int i = 0; i < changed.length; i++) {
            if (changed[i] != 1) {
                losers.add(loser(sql, rewraps.get(i)));
            }
        }
        return losers;
    }

    /** A data key's check never changes: another one at the same revision is another key, which must not get in. */
    private static ArtifactId loser(SqlTx tx, Rewrap rewrap) {
        if (tx.exists("SELECT 1 FROM artifact WHERE id = ? AND revision = ?", rewrap.id(), rewrap.revision())) {
            throw new IllegalStateException(
                    "the new envelope of artifact " + rewrap.id() + " has the check of another data key");
        }
        return rewrap.id();
    }

    @Override
    public void moveTo(Tx tx, ArtifactId id, Optional<ArmId> vm) {
        SqlTx sql = SqlTx.of(tx);
        if (sql.update("UPDATE artifact SET vm_id = ? WHERE id = ?", Heads.number(sql, vm), id) != 1) {
            throw new IllegalStateException("there is no artifact " + id);
        }
    }

    @Override
    public void condemn(Tx tx, Collection<ArtifactId> ids, boolean withOwner) {
        CondemnedRows.condemn(SqlTx.of(tx), ids, withOwner);
        SqlTx.of(tx)
                .batch("DELETE FROM artifact WHERE id = ?", ids, (statement, id) -> Arguments.bind(statement, 1, id));
    }

    @Override
    public List<Condemned> condemnedOfVm(Tx tx, UUID vmId) {
        return CondemnedRows.ofVm(SqlTx.of(tx), vmId);
    }

    @Override
    public List<Condemned> condemnedOfDisk(Tx tx, UUID diskId) {
        return CondemnedRows.ofDisk(SqlTx.of(tx), diskId);
    }

    @Override
    public Optional<Condemned> condemned(Tx tx, ArtifactId id) {
        return CondemnedRows.find(SqlTx.of(tx), id);
    }

    @Override
    public void forgetCondemned(Tx tx, Collection<ArtifactId> ids) {
        CondemnedRows.forget(SqlTx.of(tx), ids);
    }

    /** The rows of {@code artifact a} with these ids, by id, some hundred to a statement. */
    private static <T> List<T> among(SqlTx tx, String select, SqlTx.RowReader<T> reader, Collection<ArtifactId> ids) {
        List<ArtifactId> sorted = ids.stream().distinct().sorted().toList();
        List<T> found = new ArrayList<>(sorted.size());
        for (int from = 0; from < sorted.size(); from += CHUNK) {
            List<ArtifactId> chunk = sorted.subList(from, Math.min(from + CHUNK, sorted.size()));
            // the last id again where there are fewer, so that there is one statement to prepare
            Object[] arguments = new Object[CHUNK];
            Arrays.setAll(arguments, i -> chunk.get(Math.min(i, chunk.size() - 1)));
            found.addAll(tx.list(select + " WHERE a.id IN (" + MARKS + ") ORDER BY a.id", reader, arguments));
        }
        return found;
    }

    private static long number(SqlTx tx, SetKeyId key) {
        return tx.one("SELECT id FROM set_key WHERE uuid = ?", Row::number, key)
                .orElseThrow(() -> new IllegalStateException("there is no set key " + key));
    }

    static int code(ArtifactKind kind) {
        return switch (kind) {
            case GUEST_STATE -> 1;
            case OS_DISK -> 2;
            case DATA_DISK -> 3;
        };
    }

    static ArtifactKind kind(int code) {
        return switch (code) {
            case 1 -> ArtifactKind.GUEST_STATE;
            case 2 -> ArtifactKind.OS_DISK;
            case 3 -> ArtifactKind.DATA_DISK;
            default -> throw new IllegalStateException("no artifact kind " + code);
        };
    }

    private static Artifact read(Row row) throws SQLException {
        Optional<ArmId> set = row.optionalArmId();
        return read(row, set, row.setKeyId());
    }

    static Artifact read(Row row, Optional<ArmId> set, SetKeyId under) throws SQLException {
        ArtifactId id = new ArtifactId(row.number());
        ArtifactKind kind = kind(row.integer());
        Optional<ArmId> vm = row.optionalArmId();
        Optional<ArmId> disk = row.optionalArmId();
        String host = row.text();
        Envelope envelope = new Envelope(under, row.bytes(), row.bytes(), row.bytes());
        return new Artifact(id, kind, vm, disk, set, host, envelope, row.number());
    }
}
