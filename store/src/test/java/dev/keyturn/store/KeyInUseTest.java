package dev.keyturn.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyInUseTest {
    @TempDir
    Path directory;

    @Test
    void whetherAKeyIsInUse_isAskedOfAnIndex() {
        try (TestDatabase database = TestDatabase.in(directory)) {
            List<String> steps = database.transactions()
                    .read(tx -> SqlTx.of(tx)
                            .list("EXPLAIN QUERY PLAN " + SqlSetKeyStore.KEY_IN_USE, KeyInUseTest::step, "x"));
            assertThat(steps)
                    .anyMatch(step -> step.contains("set_key_of_version (key_anywhere=?)"))
                    .noneMatch(step -> step.startsWith("SCAN"));
        }
    }

    /** Its columns: id, parent, one that is not used, detail. */
    private static String step(Row row) throws SQLException {
        row.number();
        row.number();
        row.number();
        return row.text();
    }
}
