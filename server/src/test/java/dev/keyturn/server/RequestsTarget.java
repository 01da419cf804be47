package dev.keyturn.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.keyturn.json.BadBodyException;
import dev.keyturn.json.Json;
import dev.keyturn.server.fuzz.FuzzTarget;
import dev.keyturn.server.limits.Limit;
import dev.keyturn.server.limits.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Whole requests to a running server over TLS, byte by byte. The first line is {@code SURFACE METHOD TARGET}, where the
 * surface (arm, graph, vault, hsm, open) stands for a host and a token for it; then headers, an empty line and the body.
 * {@code SUB}, {@code TENANT} and {@code ME} stand for ids of this server. Every answer is one that is documented, in the
 * form of its API, whatever was sent.
 */
public final class RequestsTarget implements FuzzTarget {
    private static final Set<String> FRAMING = Set.of(
            "content-length", "transfer-encoding", "expect", "connection", "upgrade", "http2-settings", "keep-alive");
    private static final String GROUP = "/subscriptions/SUB/resourceGroups/g";
    private static final String VERSION = "?api-version=2024-07-01";
    /** What inputs are about: made anew where an input may have taken it away. */
    private static final List<String> SCENE = List.of(
            "arm PUT " + GROUP + VERSION + "\n\n{\"location\":\"westeurope\"}",
            "arm PUT " + GROUP + "/providers/Microsoft.KeyVault/vaults/fuzz-v" + VERSION
                    + "\n\n{\"location\":\"westeurope\",\"properties\":{\"tenantId\":\"TENANT\",\"sku\":{\"family\":\"A\","
                    + "\"name\":\"premium\"},\"accessPolicies\":[{\"tenantId\":\"TENANT\",\"objectId\":\"ME\","
                    + "\"permissions\":{\"keys\":[\"all\"]}}]}}",
            "vault POST /keys/k/create?api-version=7.4\n\n{\"kty\":\"EC\",\"crv\":\"P-256\"}");
    /** Inputs between two new servers at least, where the scene cannot be made any more. */
    private static final int LASTING = 300;

    private Path directory;
    private RunningServer server;
    private Map<String, String> tokens;
    private Map<String, String> words;
    private RawConnection connection;
    private int inputs;

    public RequestsTarget() throws Exception {
        directory = Files.createTempDirectory("keyturn-fuzz");
        server = RunningServer.start(ServerConfig.in(directory.resolve("data"))
                .withPort(0)
                .withDrain(Duration.ofSeconds(2))
                .withLimits(Limits.defaults()
                        .with(Limit.FAILED_TOKENS_PER_ADDRESS, 1_000_000)
                        .with(Limit.FAILED_TOKENS_PER_CLIENT, 1_000_000)
                        .with(Limit.TOKENS_PER_ADDRESS, 1_000_000)));
        String arm = server.token(server.env("KEYTURN_SERVER") + "/arm");
        tokens = Map.of(
                "arm", arm,
                "graph", server.token(server.env("KEYTURN_SERVER") + "/graph"),
                "vault", server.token(server.server.names().vaultResource()),
                "hsm", server.token(server.server.names().hsmResource()));
        String claims = new String(java.util.Base64.getUrlDecoder().decode(arm.split("\\.")[1]), ISO_8859_1);
        words = Map.of(
                "SUB", server.env("KEYTURN_SUBSCRIPTION_ID"),
                "TENANT", server.env("KEYTURN_TENANT_ID"),
                "ME", Json.parseObject(claims).path("oid").asString());
        connection = new RawConnection(server.server.port(), Path.of(server.env("KEYTURN_CA_FILE")));
        makeScene();
    }

    @Override
    public void run(byte[] input) throws Exception {
        inputs++;
        Sent sent = sent(new String(input, ISO_8859_1));
        Optional<RawConnection.Answer> got =
                connection.ask(sent.bytes(), sent.method().equals("HEAD"));
        if (got.isEmpty()) {
            return; // hung up on: what came was no HTTP
        }
        RawConnection.Answer answer = got.get();
        check(sent, answer);
        boolean changes = !sent.method().equals("GET") && !sent.method().equals("HEAD");
        if (changes && answer.status() < 300 && !makeScene() && inputs >= LASTING) {
            anew();
        }
    }

    private record Sent(String method, byte[] bytes) {}

    private Sent sent(String text) {
        String replaced = text;
        for (Map.Entry<String, String> e : words.entrySet()) {
            replaced = replaced.replace(e.getKey(), e.getValue());
        }
        int end = replaced.indexOf("\n\n");
        String head = end < 0 ? replaced : replaced.substring(0, end);
        String body = end < 0 ? "" : replaced.substring(end + 2);
        List<String> lines = new ArrayList<>(List.of(head.split("\n", -1)));
        String[] first = lines.removeFirst().split(" ", 3);
        String surface = first[0];
        String method = first.length > 1 ? first[1] : "GET";
        StringBuilder out = new StringBuilder(method + " " + (first.length > 2 ? first[2] : "/") + " HTTP/1.1\r\n");
        out.append("Host: ").append(host(surface)).append("\r\n");
        Optional.ofNullable(tokens.get(surface))
                .ifPresent(t -> out.append("Authorization: Bearer ").append(t).append("\r\n"));
        for (String line : lines) {
            int colon = line.indexOf(':');
            String name = (colon < 0 ? line : line.substring(0, colon)).strip().toLowerCase(Locale.ROOT);
            if (!FRAMING.contains(name) && !line.isEmpty()) {
                out.append(line).append("\r\n");
            }
        }
        out.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
        return new Sent(method, out.toString().getBytes(ISO_8859_1));
    }

    private String host(String surface) {
        return switch (surface) {
            case "vault" -> "fuzz-v" + server.env("KEYTURN_VAULT_SUFFIX");
            case "hsm" -> "fuzz-h" + server.env("KEYTURN_HSM_SUFFIX");
            default -> "localhost:" + server.server.port();
        };
    }

    private static void check(Sent sent, RawConnection.Answer answer) {
        int status = answer.status();
        String shown = status + " " + answer.body();
        FuzzTarget.require(
                (status >= 200 && status < 500) || status == 501 || status == 503 || status == 505,
                "answered " + shown);
        FuzzTarget.require(!answer.body().contains("\tat "), "a stack trace: " + shown);
        if (status < 400 || sent.method().equals("HEAD")) {
            return;
        }
        try {
            JsonNode error =
                    Json.parseObject(answer.body().getBytes(ISO_8859_1)).path("error");
            FuzzTarget.require(
                    error.isString()
                            || (!error.path("code").asString("").isBlank()
                                    && !error.path("message").asString("").isBlank()),
                    "an error without a code or a message: " + shown);
        } catch (BadBodyException e) {
            throw new AssertionError("an error that is no JSON: " + shown, e);
        }
    }

    private boolean makeScene() throws IOException {
        boolean made = true;
        for (String part : SCENE) {
            made &= connection
                    .ask(sent(part).bytes(), false)
                    .filter(a -> a.status() < 300)
                    .isPresent();
        }
        return made;
    }

    private void anew() throws Exception {
        close();
        RequestsTarget fresh = new RequestsTarget();
        directory = fresh.directory;
        server = fresh.server;
        tokens = fresh.tokens;
        words = fresh.words;
        connection = fresh.connection;
        inputs = 0;
    }

    @Override
    public Set<String> words() {
        return Set.of(
                "arm GET ",
                "arm PUT ",
                "arm PATCH ",
                "arm POST ",
                "arm DELETE ",
                "vault POST ",
                "vault PUT ",
                "graph GET ",
                "open POST ",
                GROUP,
                "/providers/Microsoft.Compute/diskEncryptionSets/s",
                "/providers/Microsoft.KeyVault/",
                "/providers/Microsoft.Compute/virtualMachines/m",
                "/providers/Microsoft.Authorization/roleAssignments/",
                "?api-version=2024-07-01",
                "?api-version=7.4",
                "&$filter=",
                "&$top=",
                "&$skiptoken=",
                "If-Match: ",
                "If-None-Match: *",
                "/keys/k",
                "/rotationpolicy",
                "/deletedkeys/k",
                "/purge",
                "/recover",
                "/backup");
    }

    @Override
    public void close() {
        connection.close();
        server.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
