package dev.keyturn.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.envelope.SetKeyStore;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of other modules rest on. */
class TestDatabaseTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void unknownKind_isAnError_thatNamesTheKnownOnes() {
        assertThatThrownBy(() -> DatabaseKind.named("oracle"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("keyturn.test.database", "'oracle'", "[sqlite, postgresql]");
    }

    @Test
    void whatWasWritten_isThere_reopened_openedAgain_andInACopy() throws IOException {
        try (TestDatabase database = TestDatabase.in(directory)) {
            database.transactions().run(tx -> database.stores().settings().put(tx, "a", "1"));
            database.reopen();
            assertThat(a(database)).contains("1");
        }
        try (TestDatabase again = TestDatabase.in(directory)) {
            assertThat(a(again)).contains("1");
        }
        TestDatabase closed = TestDatabase.in(directory);
        closed.close();
        try (TestDatabase copy = closed.copyTo(Files.createDirectory(directory.resolve("copy")))) {
            copy.transactions().run(tx -> copy.stores().settings().put(tx, "a", "2"));
        }
        try (TestDatabase again = TestDatabase.in(directory)) {
            assertThat(a(again)).contains("1");
        }
    }

    @Test
    void oneStoreIsPutInThePlaceOfAnother_theRestStays() {
        SqlStores real = SqlStores.create();
        SetKeyStore own = (SetKeyStore) Proxy.newProxyInstance(
                SetKeyStore.class.getClassLoader(), new Class<?>[] {SetKeyStore.class}, (_, _, _) -> null);

        SqlStores stores = OtherStores.with(real, SetKeyStore.class, own);

        assertThat(stores.setKeys()).isSameAs(own);
        assertThat(stores.artifacts()).isSameAs(real.artifacts());
        assertThat(OtherStores.with(stores, SetKeyStore.class, real.setKeys())).isEqualTo(real);
        assertThatThrownBy(() -> OtherStores.with(real, String.class, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.String");
    }

    private static Optional<String> a(TestDatabase database) {
        return database.transactions()
                .<Optional<String>>read(tx -> database.stores().settings().find(tx, "a"));
    }
}
