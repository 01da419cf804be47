package dev.keyturn.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.store.engine.PostgresPassword;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DatabaseOptionsTest {
    private final List<String> problems = new ArrayList<>();

    private DatabaseChoice read(String database, String node, String address) {
        return new DatabaseOptions(
                        Optional.of(database).filter(d -> !d.isEmpty()),
                        Optional.empty(),
                        Optional.of(node).filter(n -> !n.isEmpty()),
                        Optional.of(address).filter(a -> !a.isEmpty()))
                .read(Map.of(PostgresPassword.VARIABLE, "hunter2"), problems);
    }

    @Test
    void withoutAnything_itIsEmbedded() {
        assertThat(read("", "", "")).isEqualTo(new DatabaseChoice.Embedded());
        assertThat(read("embedded", "", "")).isEqualTo(new DatabaseChoice.Embedded());
        assertThat(problems).isEmpty();
    }

    @Test
    void postgresql_isReadWithNodeAndAddress() {
        DatabaseChoice choice = read("postgresql://keyturn@db.example/keys", "rack-1", "10.0.0.7:8443");
        assertThat(problems).isEmpty();
        assertThat(choice).isInstanceOfSatisfying(DatabaseChoice.Postgresql.class, p -> {
            assertThat(p.address().database()).isEqualTo("keys");
            assertThat(p.node().text()).isEqualTo("rack-1");
            assertThat(p.nodeAddress()).contains("10.0.0.7:8443");
            assertThat(p.password()).isPresent();
        });
        assertThat(choice.toString()).doesNotContain("hunter2");
    }

    @Test
    void postgresqlWithoutAName_isRefused() {
        assertThat(read("postgresql://keyturn@localhost/keys", "", "")).isEqualTo(new DatabaseChoice.Embedded());
        assertThat(problems).singleElement().asString().contains("--node NAME");
    }

    @Test
    void severalProblems_areToldAtOnce() {
        assertThat(read("postgresql://localhost/", "Rack_1", "somewhere")).isNotNull();
        assertThat(problems)
                .hasSize(4)
                .anyMatch(p -> p.contains("a user before the '@'"))
                .anyMatch(p -> p.contains("'Rack_1'"))
                .anyMatch(p -> p.contains("'somewhere'"));
    }

    @Test
    void optionsOfNodes_areRefusedWithTheEmbeddedDatabase() {
        assertThat(new DatabaseOptions(
                                Optional.empty(), Optional.of(Path.of("/p")), Optional.of("a"), Optional.of("h:1"))
                        .read(Map.of(), problems))
                .isEqualTo(new DatabaseChoice.Embedded());
        assertThat(problems).hasSize(3).allMatch(p -> p.contains("is for a database on PostgreSQL"));
    }

    @Test
    void whatIsNeither_isNamed_butNotWhereThereMayBeAPasswordInIt() {
        assertThat(read("oracle", "", "")).isNotNull();
        assertThat(problems).singleElement().asString().contains("'oracle'");
        problems.clear();
        assertThat(read("mysql://root:hunter2@db/keys", "a", "")).isNotNull();
        assertThat(problems).isNotEmpty().noneMatch(p -> p.contains("hunter2"));
    }

    @Test
    void portsThatAreNone_areRefused() {
        for (String address : List.of("h:0", "h:65536", "h:", ":1", "h", "[::1]", "a b:1")) {
            problems.clear();
            assertThat(read("postgresql://k@localhost/d", "a", address)).isNotNull();
            assertThat(problems).as(address).hasSize(1);
        }
        problems.clear();
        assertThat(read("postgresql://k@localhost/d", "a", "[::1]:8443")).isNotNull();
        assertThat(problems).isEmpty();
    }
}
