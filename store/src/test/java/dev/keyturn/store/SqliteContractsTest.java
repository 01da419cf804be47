package dev.keyturn.store;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;

/** Every contract on the embedded database. */
final class SqliteContractsTest {
    @Nested
    final class Artifacts extends ArtifactStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return new SqliteTestDatabase(directory);
        }
    }
}
