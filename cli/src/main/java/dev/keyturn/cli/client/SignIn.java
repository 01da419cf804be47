package dev.keyturn.cli.client;

import dev.keyturn.cli.CliException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Tokens by client credentials (RFC 6749, section 4.4), one per audience, asked for again before it expires. */
final class SignIn {
    private static final Duration MARGIN = Duration.ofMinutes(2);

    private record Token(String text, Instant renewAt) {}

    private final Transport transport;
    private final ClientEnv env;
    private final Clock clock;
    private final Map<String, Token> tokens = new ConcurrentHashMap<>();

    SignIn(Transport transport, ClientEnv env, Clock clock) {
        this.transport = transport;
        this.env = env;
        this.clock = clock;
    }

    /** The value of an Authorization header. */
    String bearer(String resource) {
        Token token = tokens.compute(
                resource, (r, known) -> known != null && clock.instant().isBefore(known.renewAt()) ? known : ask(r));
        return "Bearer " + token.text();
    }

    private Token ask(String resource) {
        String form = env.clientSecret()
                .reveal(secret -> "grant_type=client_credentials&client_id="
                        + encoded(env.clientId()) + "&client_secret="
                        + encoded(new String(secret, StandardCharsets.UTF_8))
                        + "&scope=" + encoded(resource + "/.default"));
        Answer answer = transport.send(Transport.to(env.server() + "/" + env.tenant() + "/oauth2/v2.0/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build());
        if (answer.status() != 200) {
            throw CliException.failed("sign-in was refused: " + answer.text("error_description"));
        }
        Duration life = Duration.ofSeconds(Long.parseLong(answer.text("expires_in")));
        return new Token(answer.text("access_token"), clock.instant().plus(life).minus(MARGIN));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
