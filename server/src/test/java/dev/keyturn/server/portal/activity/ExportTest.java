package dev.keyturn.server.portal.activity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.audit.AuditQuery;
import dev.keyturn.core.audit.AuditStore.Found;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExportTest {
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void filterThatMatchesNothing_endsAfterAWhile_andSaysWhere() {
        AtomicInteger asked = new AtomicInteger();
        Export export = Export.of(
                (query, limit) -> new Found(
                        List.of(),
                        Optional.of(new AuditQuery.Position(AT.minusSeconds(asked.incrementAndGet()), "node", 1))),
                AuditQuery.ALL);
        assertThat(asked).hasValue(10);
        assertThat(export.until()).contains(AT.minusSeconds(10));
        assertThat(export.lines()).hasSize(1);
        assertThat(String.valueOf(export.lines().getFirst().get("action"))).contains("ends here");
    }

    @Test
    void whatHasAnEnd_saysNothingMore() {
        Export export = Export.of((query, limit) -> new Found(List.of(), Optional.empty()), AuditQuery.ALL);
        assertThat(export.lines()).isEmpty();
    }
}
