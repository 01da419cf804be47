package dev.keyturn.cli.client;

import dev.keyturn.cli.CliException;
import dev.keyturn.core.model.SecretBytes;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How to reach a server and who to be there: what {@code client.env} of its data directory says. */
public record ClientEnv(
        URI server,
        String domain,
        String tenant,
        String subscription,
        String clientId,
        SecretBytes clientSecret,
        Path caFile,
        String vaultSuffix,
        String hsmSuffix) {
    private static final List<String> NAMES = List.of(
            "KEYTURN_SERVER",
            "KEYTURN_DOMAIN",
            "KEYTURN_TENANT_ID",
            "KEYTURN_SUBSCRIPTION_ID",
            "KEYTURN_CLIENT_ID",
            "KEYTURN_CLIENT_SECRET",
            "KEYTURN_CA_FILE",
            "KEYTURN_VAULT_SUFFIX",
            "KEYTURN_HSM_SUFFIX");

    /** @throws CliException where the file is not there, not readable or lacks a setting; names all that it lacks */
    public static ClientEnv read(Path file) {
        Map<String, String> values = new LinkedHashMap<>();
        try {
            Files.readAllLines(file, StandardCharsets.UTF_8).forEach(l -> assign(l, values));
        } catch (NoSuchFileException e) {
            throw CliException.usage(
                    "there is no " + file + "; a server writes it when it first starts (keyturn up --data "
                            + file.toAbsolutePath().getParent() + ")");
        } catch (IOException e) {
            throw CliException.usage("cannot read " + file + ": " + e.getMessage());
        }
        return of(values, file.toString());
    }

    static ClientEnv of(Map<String, String> values, String source) {
        List<String> missing = new ArrayList<>(NAMES);
        missing.removeIf(n -> !values.getOrDefault(n, "").isBlank());
        if (!missing.isEmpty()) {
            throw CliException.usage(source + " does not set " + String.join(", ", missing));
        }
        String server = values.getOrDefault("KEYTURN_SERVER", "");
        while (server.endsWith("/")) {
            server = server.substring(0, server.length() - 1);
        }
        return new ClientEnv(
                URI.create(server),
                values.getOrDefault("KEYTURN_DOMAIN", ""),
                values.getOrDefault("KEYTURN_TENANT_ID", ""),
                values.getOrDefault("KEYTURN_SUBSCRIPTION_ID", ""),
                values.getOrDefault("KEYTURN_CLIENT_ID", ""),
                SecretBytes.adopt(
                        values.getOrDefault("KEYTURN_CLIENT_SECRET", "").getBytes(StandardCharsets.UTF_8)),
                Path.of(values.getOrDefault("KEYTURN_CA_FILE", "")),
                values.getOrDefault("KEYTURN_VAULT_SUFFIX", ""),
                values.getOrDefault("KEYTURN_HSM_SUFFIX", ""));
    }

    /** One line as a shell reads it: {@code export NAME='value'}; a single quote inside is written {@code '\''}. */
    private static void assign(String line, Map<String, String> values) {
        String text = line.strip();
        if (text.startsWith("export ")) {
            text = text.substring("export ".length()).strip();
        }
        int equals = text.indexOf('=');
        if (equals <= 0 || text.startsWith("#")) {
            return;
        }
        String value = text.substring(equals + 1);
        if (value.length() >= 2 && value.startsWith("'") && value.endsWith("'")) {
            value = value.substring(1, value.length() - 1).replace("'\\''", "'");
        } else if (value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")) {
            value = value.substring(1, value.length() - 1);
        }
        values.put(text.substring(0, equals), value);
    }

    public String vaultHost(String vault) {
        return vault + vaultSuffix;
    }

    public String hsmHost(String hsm) {
        return hsm + hsmSuffix;
    }

    /** The audience of tokens for Azure Resource Manager. */
    String armResource() {
        return server + "/arm";
    }
}
