package dev.keyturn.server.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code client.env}: what a client needs to know, for a shell to source. For the owner alone: it has a secret. */
public final class ClientEnv {
    static final String SECRET = "KEYTURN_CLIENT_SECRET";
    static final String CLIENT = "KEYTURN_CLIENT_ID";
    private static final Logger LOG = LoggerFactory.getLogger(ClientEnv.class);
    private final Path file;

    public ClientEnv(Path file) {
        this.file = file;
    }

    /** What the file says, in its order. {@code clientSecret} is shown nowhere else; a node that does not know it has none. */
    public record Content(
            String server,
            String domain,
            String tenant,
            String subscription,
            String clientId,
            Optional<String> clientSecret,
            Path caFile,
            String vaultSuffix,
            String hsmSuffix) {
        @Override
        public String toString() {
            return "Content[" + server + ", redacted]";
        }

        private Map<String, String> variables() {
            Map<String, String> out = new LinkedHashMap<>();
            out.put("KEYTURN_SERVER", server);
            out.put("KEYTURN_DOMAIN", domain);
            out.put("KEYTURN_TENANT_ID", tenant);
            out.put("KEYTURN_SUBSCRIPTION_ID", subscription);
            out.put(CLIENT, clientId);
            clientSecret.ifPresent(s -> out.put(SECRET, s));
            out.put("KEYTURN_CA_FILE", caFile.toString());
            out.put("KEYTURN_VAULT_SUFFIX", vaultSuffix);
            out.put("KEYTURN_HSM_SUFFIX", hsmSuffix);
            return out;
        }
    }

    /** The secret in the file; empty where there is no file, it is another client's, or it has none. */
    public Optional<String> secret(String clientId) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Map<String, String> found = found();
        return clientId.equals(found.get(CLIENT)) ? Optional.ofNullable(found.get(SECRET)) : Optional.empty();
    }

    private Map<String, String> found() throws IOException {
        Map<String, String> found = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            int eq = line.indexOf('=');
            if (eq > 0) {
                found.put(
                        line.substring(0, eq).strip(),
                        unquoted(line.substring(eq + 1).strip()));
            }
        }
        return found;
    }

    /**
     * Replaces the file, whole or not at all, where it does not say so already. One with another secret is kept beside it:
     * nothing else tells that secret.
     */
    public void write(Content content) throws IOException {
        StringBuilder out = new StringBuilder();
        content.variables()
                .forEach((name, value) ->
                        out.append(name).append('=').append(quoted(value)).append('\n'));
        byte[] bytes = out.toString().getBytes(StandardCharsets.UTF_8);
        if (!Files.exists(file)) {
            PrivateFiles.write(file, bytes);
        } else if (!Arrays.equals(Files.readAllBytes(file), bytes)) {
            Optional<String> there = Optional.ofNullable(found().get(SECRET));
            if (there.isPresent() && !there.equals(content.clientSecret())) {
                keep();
            }
            PrivateFiles.write(file, bytes);
        }
    }

    private void keep() throws IOException {
        int number = 1;
        while (Files.exists(file.resolveSibling(file.getFileName() + "." + number))) {
            number++;
        }
        Path kept = file.resolveSibling(file.getFileName() + "." + number);
        PrivateFiles.write(kept, Files.readAllBytes(file));
        LOG.warn("{} had another secret than the administrator's; it is kept as {}", file, kept);
    }

    private static String quoted(String value) {
        return value.matches("[0-9A-Za-z_./:@%+,-]*") ? value : "'" + value.replace("'", "'\\''") + "'";
    }

    private static String unquoted(String text) {
        return text.length() >= 2 && text.startsWith("'") && text.endsWith("'")
                ? text.substring(1, text.length() - 1).replace("'\\''", "'")
                : text;
    }
}
