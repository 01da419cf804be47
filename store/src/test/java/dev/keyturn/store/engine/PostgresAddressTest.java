package dev.keyturn.store.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.store.engine.PostgresAddress.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

final class PostgresAddressTest {
    @TempDir
    private Path directory = Path.of("");

    private final List<String> problems = new ArrayList<>();

    @Test
    void anotherMachine_isReachedOverTls_andHasToProveItself() {
        PostgresAddress address = parsed("postgresql://keyturn@db.example.org:6432/keys");

        assertThat(address)
                .isEqualTo(new PostgresAddress(
                        "keyturn", "db.example.org", 6432, "keys", Tls.VERIFY_FULL, Optional.empty()));
        assertThat(address).hasToString("postgresql://keyturn@db.example.org:6432/keys");
        PGSimpleDataSource source = (PGSimpleDataSource) address.source(Optional.empty());
        assertThat(source.getSslMode()).isEqualTo("verify-full");
        assertThat(source.getSslfactory()).isEqualTo("org.postgresql.ssl.DefaultJavaSSLFactory");
        assertThat(source.getPassword()).isNull();
    }

    @Test
    void withoutAPort_itIsPostgresqlsOwn() {
        assertThat(parsed("postgresql://keyturn@db/keys").port()).isEqualTo(5432);
        assertThat(parsed("postgresql://keyturn@[2001:db8::7]/keys").host()).isEqualTo("[2001:db8::7]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "[::1]"})
    void thisMachine_needsNoTls_unlessItIsAskedFor(String host) {
        assertThat(parsed("postgresql://k@" + host + ":5432/d").tls()).isEqualTo(Tls.DISABLE);
        assertThat(parsed("postgresql://k@" + host + ":5432/d?sslmode=verify-full")
                        .tls())
                .isEqualTo(Tls.VERIFY_FULL);
        assertThat(parsed("postgresql://k@" + host + ":5432/d?sslrootcert=/etc/ca.pem")
                        .tls())
                .isEqualTo(Tls.VERIFY_FULL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost.evil.example", "127.0.0.1.example", "1127.0.0.1", "127.0.0.1x"})
    void whatOnlyLooksLikeThisMachine_isAnother(String host) {
        assertThat(parsed("postgresql://k@" + host + "/d").tls()).isEqualTo(Tls.VERIFY_FULL);
    }

    @Test
    void partsWithUnusualCharacters_areWrittenAsPercent() {
        PostgresAddress address =
                parsed("postgresql://key%40turn@db/my+keys%2F1?sslmode=verify-full&sslrootcert=/a%20b");

        assertThat(address.user()).isEqualTo("key@turn");
        assertThat(address.database()).isEqualTo("my+keys/1");
        assertThat(address.rootCertificate()).contains(Path.of("/a b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://keyturn:hunter2@db/keys",
                "postgresql://keyturn:hunter2@x@db/keys",
                "postgresql://keyturn@db/keys?password=hunter2",
                "postgres://keyturn:hunter2@db/keys",
                "jdbc:postgresql://db/keys?user=keyturn&password=hunter2",
                "postgresql://keyturn:hunter2/keys",
                "postgresql://db/keys?hunter2"
            })
    void aPassword_isRefused_andNotToldBack(String text) {
        assertThat(PostgresAddress.parse(text, problems)).isEmpty();

        assertThat(problems).isNotEmpty().noneMatch(p -> p.contains("hunter2"));
    }

    @Test
    void aPasswordInTheAddress_isToldWhereItBelongs() {
        assertThat(PostgresAddress.parse("postgresql://keyturn:hunter2@db/keys", problems))
                .isEmpty();

        assertThat(problems)
                .singleElement()
                .asString()
                .contains("--database-password-file")
                .contains("KEYTURN_DATABASE_PASSWORD");
    }

    @Test
    void severalProblems_areToldAtOnce() {
        assertThat(PostgresAddress.parse("postgresql://:70000/?sslmode=prefer&ssl=true", problems))
                .isEmpty();

        assertThat(problems)
                .hasSize(6)
                .anyMatch(p -> p.contains("a user"))
                .anyMatch(p -> p.contains("name a host"))
                .anyMatch(p -> p.contains("1 to 65535"))
                .anyMatch(p -> p.contains("the name of the database"))
                .anyMatch(p -> p.contains("verify-full or disable"))
                .anyMatch(p -> p.contains("and no other"));
    }

    @Test
    void aParameterThatIsThereTwice_isRefused() {
        for (String twice : List.of("sslmode=disable&sslmode=verify-full", "sslrootcert=/a&sslrootcert=/b")) {
            problems.clear();
            assertThat(PostgresAddress.parse("postgresql://k@db/d?" + twice, problems))
                    .isEmpty();
            assertThat(problems).singleElement().asString().contains(", once.");
        }
    }

    @Test
    void aCertificateThatNobodyWouldLookAt_isRefused() {
        assertThat(PostgresAddress.parse("postgresql://k@db/d?sslmode=disable&sslrootcert=/ca.pem", problems))
                .isEmpty();
        assertThat(problems).singleElement().asString().contains("Leave one of them out");
    }

    @Test
    void thePassword_isTheFilesLine_orElseTheEnvironments() throws IOException {
        Path file = password("s3cret\n", "rw-------");

        assertThat(given(PostgresPassword.read(Optional.of(file), Map.of(PostgresPassword.VARIABLE, "b"), problems)))
                .isEqualTo("s3cret");
        assertThat(given(PostgresPassword.read(Optional.empty(), Map.of(PostgresPassword.VARIABLE, "b"), problems)))
                .isEqualTo("b");
        assertThat(PostgresPassword.read(Optional.empty(), Map.of(), problems)).isEmpty();
        assertThat(problems).isEmpty();
    }

    @Test
    void aPasswordFile_thatOthersCanRead_orIsNoPassword_isRefused() throws IOException {
        for (Path wrong : List.of(
                password("s3cret", "rw-r-----"),
                password("", "rw-------"),
                password("s3cret\nmore\n", "rw-------"),
                password("s3cret".repeat(200), "rw-------"),
                directory.resolve("none"))) {
            problems.clear();
            assertThat(PostgresPassword.read(Optional.of(wrong), Map.of(PostgresPassword.VARIABLE, "b"), problems))
                    .isEmpty();
            assertThat(problems)
                    .singleElement()
                    .asString()
                    .contains(wrong.toString())
                    .doesNotContain("s3cret");
        }
    }

    private Path password(String text, String mode) throws IOException {
        Path file = Files.createTempFile(directory, "password", "");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        return file;
    }

    private static String given(Optional<PostgresPassword> password) {
        PGSimpleDataSource source = (PGSimpleDataSource)
                new PostgresAddress("u", "h", 1, "d", Tls.DISABLE, Optional.empty()).source(password);
        return String.valueOf(source.getPassword());
    }

    private PostgresAddress parsed(String text) {
        PostgresAddress address = PostgresAddress.parse(text, problems).orElseThrow(() -> new AssertionError(problems));
        assertThat(problems).isEmpty();
        return address;
    }
}
