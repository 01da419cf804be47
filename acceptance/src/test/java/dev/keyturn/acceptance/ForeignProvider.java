package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** npm's {@code oidc-provider} as another process, over TLS. Ends with the test's JVM at the latest. */
final class ForeignProvider implements AutoCloseable {
    private final Process process;
    private final String issuer;
    private final Path directory;

    private ForeignProvider(Process process, String issuer, Path directory) {
        this.process = process;
        this.issuer = issuer;
        this.directory = directory;
    }

    /** @param keyturn the address of the server that is its client */
    static ForeignProvider start(Path directory, String keyturn) throws Exception {
        Path modules = fetched();
        Path pfx = directory.resolve("provider.p12");
        keytool(
                "-genkeypair -alias tls -keyalg EC -groupname secp256r1 -dname CN=provider -ext san=dns:localhost"
                        + " -validity 2 -storetype PKCS12 -storepass changeit -keystore",
                pfx);
        keytool(
                "-exportcert -rfc -alias tls -file "
                        + directory.resolve("provider-ca.pem").getFileName() + " -storepass changeit -keystore",
                pfx);
        Path program = directory.resolve("provider.mjs");
        try (var in = ForeignProvider.class.getResourceAsStream("/oidc-provider/provider.mjs")) {
            if (in == null) {
                throw new IllegalStateException("the provider's program is not there");
            }
            Files.copy(in, program, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.writeString(directory.resolve("accounts.json"), "{}");
        Process process = new ProcessBuilder(
                        "node",
                        program.toString(),
                        modules.toString(),
                        pfx.toString(),
                        directory.resolve("accounts.json").toString(),
                        keyturn)
                .redirectError(directory.resolve("provider.log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String issuer = out.readLine();
        if (issuer == null) {
            throw new AssertionError("the provider ended: " + Files.readString(directory.resolve("provider.log")));
        }
        return new ForeignProvider(process, issuer, directory);
    }

    /** Where it is not to be had, the test is skipped and says why; in CI it fails. */
    private static Path fetched() throws IOException, InterruptedException {
        Path script = Path.of(System.getProperty("basedir", ""), "../build/oidc-provider")
                .toAbsolutePath()
                .normalize();
        Process process = new ProcessBuilder(script.toString()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        String wrong = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            return "true".equals(System.getenv("CI")) ? fail(wrong) : abort(wrong);
        }
        return Path.of(out);
    }

    private static void keytool(String options, Path pfx) throws IOException, InterruptedException {
        List<String> line = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        line.addAll(List.of(options.split(" ")));
        line.add(pfx.toString());
        Process process = new ProcessBuilder(line)
                .directory(pfx.resolveSibling(".").toFile())
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(out);
        }
    }

    String issuer() {
        return issuer;
    }

    Path caFile() {
        return directory.resolve("provider-ca.pem");
    }

    /** What it says from now on of everybody that it knows. */
    void says(String accounts) throws IOException {
        Files.writeString(directory.resolve("accounts.json"), accounts);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
