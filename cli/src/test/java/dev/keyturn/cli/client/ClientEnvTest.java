package dev.keyturn.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.cli.CliException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientEnvTest {
    private static final String COMPLETE = """
            # comment
            KEYTURN_SERVER=https://localhost:8443/
            export KEYTURN_DOMAIN=keyturn.localhost
            KEYTURN_TENANT_ID="t"
            KEYTURN_SUBSCRIPTION_ID=s
            KEYTURN_CLIENT_ID=c
            KEYTURN_CLIENT_SECRET='it'\\''s=a $ecret'
            KEYTURN_CA_FILE='/some where/ca.pem'
            KEYTURN_VAULT_SUFFIX=.vault.keyturn.localhost:8443
            KEYTURN_HSM_SUFFIX=.managedhsm.keyturn.localhost:8443
            """;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void read_understandsWhatAShellWould() throws IOException {
        ClientEnv env = ClientEnv.read(file(COMPLETE));

        assertThat(env.server()).hasToString("https://localhost:8443");
        assertThat(env.domain()).isEqualTo("keyturn.localhost");
        assertThat(env.tenant()).isEqualTo("t");
        assertThat(env.caFile()).isEqualTo(Path.of("/some where/ca.pem"));
        assertThat(env.vaultHost("v1")).isEqualTo("v1.vault.keyturn.localhost:8443");
        assertThat(env.clientSecret().<String>reveal(b -> new String(b, StandardCharsets.UTF_8)))
                .isEqualTo("it's=a $ecret");
    }

    @Test
    void toString_doesNotShowTheSecret() throws IOException {
        assertThat(ClientEnv.read(file(COMPLETE)).toString()).doesNotContain("ecret=a", "$ecret");
    }

    @Test
    void read_namesEverySettingThatIsMissing() throws IOException {
        Path file =
                file("KEYTURN_SERVER=https://localhost\nKEYTURN_DOMAIN=d\nKEYTURN_TENANT_ID=t\nKEYTURN_CA_FILE=f\n");

        assertThatThrownBy(() -> ClientEnv.read(file))
                .isInstanceOf(CliException.class)
                .hasMessageContainingAll(
                        "KEYTURN_SUBSCRIPTION_ID", "KEYTURN_CLIENT_ID", "KEYTURN_CLIENT_SECRET", "KEYTURN_HSM_SUFFIX");
    }

    @Test
    void read_ofNoFile_saysWhoWritesIt() {
        assertThatThrownBy(() -> ClientEnv.read(directory.resolve("client.env")))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("a server writes it when it first starts");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("client.env"), text);
    }
}
