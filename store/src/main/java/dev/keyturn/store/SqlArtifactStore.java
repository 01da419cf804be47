package dev.keyturn.store;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.artifact.Condemned;
import dev.keyturn.core.artifact.HeldArtifact;
import dev.keyturn.core.artifact.SealedKey;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Artifacts: one by one, by lists of ids, and re-wrapped. What is asked of a whole set is in {@link UnderSetKey}. */
final class SqlArtifactStore implements ArtifactStore {
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
        Map<ArmId, Long> sets = new HashMap<>();
        Map<SetKeyId, Long> keys = new HashMap<>();
        sql.batch(
                """
                INSERT INTO artifact
                    (id, kind, owner_id, set_id, host, set_key_id, nonce, sealed, chk, revision)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                artifacts,
                (statement, artifact) -> Arguments.bind(
                        statement,
                        artifact.id(),
                        artifact.kind().number(),
                        Heads.number(sql, artifact.owner()),
                        artifact.set().map(id -> sets.computeIfAbsent(id, i -> Heads.number(sql, i))),
                        artifact.host(),
                        keys.computeIfAbsent(artifact.envelope().setKey(), key -> number(sql, key)),
                        artifact.envelope().nonce(),
                        artifact.envelope().sealed(),
                        artifact.envelope().check(),
                        artifact.revision()));
    }

    @Override
    public Optional<Artifact> find(Tx tx, ArtifactId id) {
        return SqlTx.of(tx).one(ArtifactRows.SELECT + " WHERE a.id = ?", ArtifactRows::read, id);
    }

    @Override
    public Optional<Artifact> ownedBy(Tx tx, ArmId owner) {
        return SqlTx.of(tx)
                .one(
                        ArtifactRows.SELECT + " WHERE a.owner_id = (SELECT id FROM resource WHERE arm_key = ?)",
                        ArtifactRows::read,
                        owner);
    }

    @Override
    public List<Artifact> ofVm(Tx tx, ArmId vm) {
        return SqlTx.of(tx).list(ArtifactOwners.ofVm(ArtifactRows.SELECT), ArtifactRows::read, vm, vm);
    }

    @Override
    public List<SealedKey> notUnder(Tx tx, ArmId set, SetKeyId target, ArtifactId after, int limit) {
        SqlTx sql = SqlTx.of(tx);
        return UnderSetKey.sealedKeys(sql, UnderSetKey.ofSetBut(sql, set, target), after, limit);
    }

    @Override
    public List<Artifact> ofSet(Tx tx, ArmId set, ArtifactId after, int limit) {
        SqlTx sql = SqlTx.of(tx);
        return UnderSetKey.page(sql, UnderSetKey.ofSet(sql, set), after, limit);
    }

    @Override
    public List<SealedKey> sealedKeys(Tx tx, Collection<ArtifactId> ids) {
        return SealedKeyRows.byIds(SqlTx.of(tx), ids);
    }

    @Override
    public Map<ArtifactId, HeldArtifact> held(Tx tx, Collection<ArtifactId> ids) {
        return ArtifactOwners.held(SqlTx.of(tx), ids);
    }

    @Override
    public Map<ArtifactId, ArtifactImage> images(Tx tx, Collection<ArtifactId> ids) {
        return ArtifactOwners.images(SqlTx.of(tx), ids);
    }

    @Override
    public Set<ArtifactId> settled(Tx tx, Collection<ArtifactId> ids) {
        return ArtifactOwners.settled(SqlTx.of(tx), ids);
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
    public Map<SetKeyId, Map<String, Long>> byHost(Tx tx, ArmId set) {
        SqlTx sql = SqlTx.of(tx);
        return UnderSetKey.ofSet(sql, set).stream()
                .collect(Collectors.toUnmodifiableMap(UnderSetKey::id, key -> key.byHost(sql)));
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

    private static long number(SqlTx tx, SetKeyId key) {
        return tx.one("SELECT id FROM set_key WHERE uuid = ?", Row::number, key)
                .orElseThrow(() -> new IllegalStateException("there is no set key " + key));
    }
}
