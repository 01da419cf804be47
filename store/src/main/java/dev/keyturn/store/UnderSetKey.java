package dev.keyturn.store;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.artifact.SealedKey;
import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The artifacts under one set key. A set's artifacts are those under one of its set keys, and of those it has one or
 * two: so what is asked of a set is asked of each of its set keys, along one index (set key, artifact), which is also
 * the only one that a re-wrap changes. {@code number} is what rows refer to the set key by.
 */
record UnderSetKey(long number, SetKeyId id, ArmId set) {
    private static final String PAGE = " WHERE a.set_key_id = ? AND a.id > ? ORDER BY a.id LIMIT ?";
    private static final String ARTIFACTS =
            "SELECT " + ArtifactRows.COLUMNS + " FROM artifact a" + ArtifactRows.OWNER + PAGE;
    private static final String SEALED_KEYS = "SELECT " + SealedKeyRows.COLUMNS + " FROM artifact a" + PAGE;

    /** How many there are, and how many of each kind. */
    private static final String CENSUS = Arrays.stream(ArtifactKind.values())
            .map(k -> "coalesce(sum(CASE WHEN kind = " + k.number() + " THEN 1 ELSE 0 END), 0)")
            .collect(Collectors.joining(", ", "SELECT count(*), ", " FROM artifact WHERE set_key_id = ?"));

    static List<UnderSetKey> ofSet(SqlTx tx, ArmId set) {
        return tx.list(
                "SELECT k.id, k.uuid, r.display FROM set_key k JOIN resource r ON r.id = k.set_id WHERE r.arm_key = ?",
                row -> new UnderSetKey(row.number(), row.setKeyId(), row.armId()),
                set);
    }

    static List<UnderSetKey> ofSetBut(SqlTx tx, ArmId set, SetKeyId target) {
        return ofSet(tx, set).stream().filter(key -> !key.id.equals(target)).toList();
    }

    /** Those under any of the keys, by id, from after {@code after}. */
    static List<Artifact> page(SqlTx tx, List<UnderSetKey> keys, ArtifactId after, int limit) {
        return merged(keys, limit, Artifact::id, key -> {
            Optional<ArmId> itsSet = Optional.of(key.set);
            return tx.list(ARTIFACTS, row -> ArtifactRows.read(row, itsSet, key.id), key.number, after, limit);
        });
    }

    /** The same, without what a re-wrap does not need. */
    static List<SealedKey> sealedKeys(SqlTx tx, List<UnderSetKey> keys, ArtifactId after, int limit) {
        return merged(keys, limit, SealedKey::artifact, key -> {
            Optional<ArmId> itsSet = Optional.of(key.set);
            return tx.list(SEALED_KEYS, row -> SealedKeyRows.read(row, itsSet, key.id), key.number, after, limit);
        });
    }

    private static <T> List<T> merged(
            List<UnderSetKey> keys, int limit, Function<T, ArtifactId> id, Function<UnderSetKey, List<T>> page) {
        if (keys.size() == 1) {
            return page.apply(keys.getFirst());
        }
        return keys.stream()
                .flatMap(key -> page.apply(key).stream())
                .sorted(Comparator.comparing(id))
                .limit(limit)
                .toList();
    }

    static long count(SqlTx tx, List<UnderSetKey> keys) {
        return keys.stream()
                .mapToLong(key -> tx.number("SELECT count(*) FROM artifact WHERE set_key_id = ?", key.number))
                .sum();
    }

    /** Of those with a higher id than {@code through}. */
    static long countBehind(SqlTx tx, List<UnderSetKey> keys, ArtifactId through) {
        return keys.stream()
                .mapToLong(key ->
                        tx.number("SELECT count(*) FROM artifact WHERE set_key_id = ? AND id > ?", key.number, through))
                .sum();
    }

    List<String> hosts(SqlTx tx) {
        return tx.list("SELECT DISTINCT host FROM artifact WHERE set_key_id = ?", Row::text, number);
    }

    Map<String, Long> byHost(SqlTx tx) {
        return tx
                .list(
                        "SELECT host, count(*) FROM artifact WHERE set_key_id = ? GROUP BY host",
                        row -> Map.entry(row.text(), row.number()),
                        number)
                .stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Sums in one pass over the key's range of the index; grouping by kind would sort it first. */
    Map<ArtifactKind, Long> census(SqlTx tx) {
        Map<ArtifactKind, Long> kinds = new EnumMap<>(ArtifactKind.class);
        long all = tx.one(CENSUS, row -> counted(row, kinds), number).orElseThrow();
        long known = kinds.values().stream().mapToLong(Long::longValue).sum();
        if (known != all) {
            throw new IllegalStateException((all - known) + " artifacts under set key " + id + " are of no known kind");
        }
        return kinds;
    }

    private static long counted(Row row, Map<ArtifactKind, Long> kinds) throws SQLException {
        long all = row.number();
        for (ArtifactKind kind : ArtifactKind.values()) {
            long count = row.number();
            if (count > 0) {
                kinds.put(kind, count);
            }
        }
        return all;
    }
}
