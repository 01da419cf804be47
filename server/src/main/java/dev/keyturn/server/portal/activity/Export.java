package dev.keyturn.server.portal.activity;

import dev.keyturn.core.audit.AuditQuery;
import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.AuditStore.Found;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What an export has: records, newest first, and where it ended with more behind it.
 *
 * @param until the time of the last record that was looked at, where it ended before it had seen all
 */
record Export(List<AuditRecord> records, Optional<Instant> until) {
    static final int MOST = 10_000;
    private static final int CHUNK = 1_000;
    /** How many looks may come to their bound, which is 20,000 records each, before as many were found as they were to. */
    private static final int LOOKS = 10;

    private static final String MORE =
            "This export ends here. Older records may match as well: ask again with Until set to this time.";

    Export {
        records = List.copyOf(records);
    }

    /** One question to the record. */
    @FunctionalInterface
    interface Question {
        Found ask(AuditQuery query, int limit);
    }

    static Export of(Question question, AuditQuery asked) {
        AuditQuery query = asked;
        List<AuditRecord> all = new ArrayList<>();
        int looks = 0;
        while (all.size() < MOST) {
            int wanted = Math.min(CHUNK, MOST - all.size());
            Found found = question.ask(query, wanted);
            all.addAll(found.records());
            if (found.further().isPresent()) {
                looks++;
                if (looks == LOOKS) {
                    return new Export(all, Optional.of(found.further().get().at()));
                }
                query = query.behind(found.further().get());
            } else if (found.records().size() == wanted) {
                query = query.behind(found.records().getLast());
            } else {
                return new Export(all, Optional.empty());
            }
        }
        return new Export(all, Optional.of(all.getLast().at()));
    }

    /** The fields of each record; then, where it ended before it had seen all, a line that says so. */
    List<SequencedMap<String, Object>> lines() {
        List<SequencedMap<String, Object>> lines = new ArrayList<>();
        records.forEach(r -> lines.add(r.fields()));
        until.ifPresent(at -> {
            SequencedMap<String, Object> last = new LinkedHashMap<>();
            last.put("at", at.toString());
            last.put("action", MORE);
            lines.add(last);
        });
        return lines;
    }
}
