package dev.keyturn.store;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.verification.Verification;
import dev.keyturn.core.verification.Verification.Answer;
import dev.keyturn.core.verification.Verification.Unseen;
import dev.keyturn.core.verification.VerificationStore;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One row of a set for its last verification with an answer, one for a later one without. */
final class SqlVerificationStore implements VerificationStore {
    private static final String SET_ID = "(SELECT id FROM resource WHERE arm_key = ?)";
    private static final String LAST_ROTATION =
            "(SELECT id FROM rotation WHERE set_ref = ? ORDER BY sequence DESC LIMIT 1)";

    @Override
    public void ended(Tx tx, ArmId set, Verification verification) {
        SqlTx sql = SqlTx.of(tx);
        Optional<Answer> answer = verification.answer();
        sql.update("DELETE FROM verification WHERE set_id = " + SET_ID + " AND answered <= ?", set, answer.isPresent());
        sql.update(
                """
                INSERT INTO verification (set_id, answered, id, requested_by, started_at, ended_at, error, after_rotation,
                    active_key, other_keys, through, opened, failed, closed, left_out, unseen, unseen_artifacts, unseen_hosts)
                SELECT d.id, ?, ?, ?, ?, ?, ?,\s""" + LAST_ROTATION + """
                , ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
                FROM disk_set d JOIN resource r ON r.id = d.id WHERE r.arm_key = ?""",
                answer.isPresent(),
                verification.id(),
                verification.requestedBy(),
                verification.startedAt(),
                verification.endedAt(),
                JsonColumns.ofError(verification.error()),
                set,
                answer.map(a -> a.activeKey().url()),
                answer.map(Answer::otherKeys),
                answer.map(Answer::through),
                answer.map(Answer::opened),
                answer.map(Answer::failed),
                answer.map(a -> text(a.closed())),
                answer.map(a -> text(a.leftOut())),
                answer.map(a -> a.unseen().count()),
                answer.map(a -> text(a.unseen().artifacts())),
                answer.map(a -> hosts(a.unseen())),
                set);
    }

    @Override
    public Verification.Known of(Tx tx, ArmId set) {
        SqlTx sql = SqlTx.of(tx);
        List<Found> found = sql.list(
                """
                SELECT id, requested_by, started_at, ended_at, error, answered, active_key, other_keys, through, opened,
                    failed, closed, left_out, unseen, unseen_artifacts, unseen_hosts, after_rotation IS DISTINCT FROM\s""" + LAST_ROTATION + " FROM verification WHERE set_id = " + SET_ID,
                SqlVerificationStore::read,
                set,
                set);
        return new Verification.Known(
                found.stream().flatMap(f -> proof(sql, set, f).stream()).findFirst(),
                found.stream()
                        .map(Found::verification)
                        .filter(v -> v.answer().isEmpty())
                        .findFirst());
    }

    private record Found(Verification verification, boolean rotatedSince) {}

    private static Optional<Verification.Proof> proof(SqlTx sql, ArmId set, Found found) {
        return found.verification().answer().map(answer -> {
            List<UnderSetKey> keys = UnderSetKey.ofSet(sql, set);
            return new Verification.Proof(
                    found.verification(),
                    answer,
                    found.rotatedSince(),
                    UnderSetKey.countBehind(sql, keys, answer.through()),
                    there(sql, keys, answer.leftOut()));
        });
    }

    /** How many of them are there, under one of the keys. */
    private static long there(SqlTx sql, List<UnderSetKey> keys, Set<ArtifactId> ids) {
        Set<Long> numbers = keys.stream().map(UnderSetKey::number).collect(Collectors.toSet());
        return ids.isEmpty()
                ? 0
                : ArtifactRows.among(sql, "SELECT a.id, a.set_key_id FROM artifact a", SqlVerificationStore::keyOf, ids)
                        .stream()
                        .filter(numbers::contains)
                        .count();
    }

    private static long keyOf(Row row) throws SQLException {
        row.skip(1);
        return row.number();
    }

    private static Found read(Row row) throws SQLException {
        var id = row.operationId();
        String by = row.text();
        var started = row.time();
        var ended = row.time();
        var error = JsonColumns.error(row.optionalText());
        Optional<Answer> answer = row.truth() ? Optional.of(answer(row)) : none(row);
        return new Found(new Verification(id, by, started, ended, error, answer), row.truth());
    }

    private static Answer answer(Row row) throws SQLException {
        return new Answer(
                row.keyId(),
                row.integer(),
                new ArtifactId(row.number()),
                row.number(),
                row.number(),
                ids(row.text()),
                ids(row.optionalText().orElse("")),
                unseen(row));
    }

    private static Unseen unseen(Row row) throws SQLException {
        long count = row.optionalNumber().orElse(0L);
        Set<ArtifactId> artifacts = ids(row.optionalText().orElse(""));
        Map<String, ErrorInfo> hosts = new HashMap<>();
        JsonColumns.error(row.optionalText()).stream()
                .flatMap(all -> all.details().stream())
                .forEach(h -> hosts.put(h.code(), h.details().getFirst()));
        return new Unseen(count, artifacts, hosts);
    }

    /** As an error whose details are the hosts, each with its reason. */
    private static String hosts(Unseen unseen) {
        return JsonColumns.ofError(ErrorInfo.of("", "")
                .with(unseen.hosts().entrySet().stream()
                        .map(h -> ErrorInfo.of(h.getKey(), "").with(List.of(h.getValue())))
                        .toList()));
    }

    private static Optional<Answer> none(Row row) {
        row.skip(10);
        return Optional.empty();
    }

    private static String text(Set<ArtifactId> ids) {
        return ids.stream().map(id -> String.valueOf(id.value())).sorted().collect(Collectors.joining(","));
    }

    private static Set<ArtifactId> ids(String text) {
        return text.isEmpty()
                ? Set.of()
                : Arrays.stream(text.split(","))
                        .map(n -> new ArtifactId(Long.parseLong(n)))
                        .collect(Collectors.toUnmodifiableSet());
    }
}
