package dev.keyturn.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShownTablesTest {
    @Test
    void whatIsOnlyRecorded_andWhatAnybodyCanCauseWhoIsNotSignedIn_isNotShown() {
        assertThat(ShownTables.any(Set.of("audit", "host", "person_session", "setting")))
                .isFalse();
        assertThat(ShownTables.any(Set.of("device_code", "client_sign_in", "authorization_code", "passkey_challenge")))
                .isFalse();
        assertThat(ShownTables.any(Set.of("audit", "vm"))).isTrue();
        assertThat(ShownTables.any(Set.of("operation"))).isTrue();
        assertThat(ShownTables.any(Set.of("a table of tomorrow"))).isTrue();
    }

    @Test
    void everyTableThatIsNotShown_isOneOfTheSchema() throws IOException {
        StringBuilder sql = new StringBuilder();
        try (Stream<Path> migrations = Files.list(Path.of("src/main/resources/db/migration"))) {
            for (Path migration : migrations.toList()) {
                sql.append(Files.readString(migration).toLowerCase(Locale.ROOT).replaceAll("\\s+", " "));
            }
        }
        for (String table : ShownTables.UNSEEN) {
            assertThat(sql.toString()).containsPattern("(create table|rename to) (if not exists )?" + table + "\\b");
        }
    }
}
