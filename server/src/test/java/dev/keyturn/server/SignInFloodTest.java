package dev.keyturn.server;

import static dev.keyturn.server.RunningServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.server.limits.Limit;
import dev.keyturn.server.limits.Limits;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrong secrets against a real server. */
class SignInFloodTest {
    @Test
    void wrongSecrets_are429InOAuthShape_andAnotherClientSignsIn(@TempDir Path dir) throws Exception {
        ServerConfig config = ServerConfig.in(dir.resolve("data"))
                .withPort(0)
                .withDrain(Duration.ofSeconds(2))
                .withLimits(Limits.defaults().with(Limit.FAILED_TOKENS_PER_CLIENT, 2));
        try (RunningServer server = RunningServer.start(config)) {
            String other = "5f6b9f2e-0a9c-4d7e-9f5e-3f1f0c8f7a11";
            for (int i = 0; i < 2; i++) {
                assertThat(signIn(server, other, "wrong").statusCode()).isEqualTo(400);
            }
            HttpResponse<String> refused = signIn(server, other, "wrong");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                    .isBetween(1L, 60L);
            assertThat(json(refused).get("error").stringValue()).isEqualTo("temporarily_unavailable");
            assertThat(json(refused).get("error_description").stringValue()).startsWith("AADSTS90055");

            String client = server.env("KEYTURN_CLIENT_ID");
            assertThat(signIn(server, client, server.env("KEYTURN_CLIENT_SECRET"))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private static HttpResponse<String> signIn(RunningServer server, String client, String secret) throws Exception {
        return server.signIn(
                "/adfs/oauth2/token",
                Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        client,
                        "client_secret",
                        secret,
                        "scope",
                        server.env("KEYTURN_SERVER") + "/arm/.default"));
    }
}
