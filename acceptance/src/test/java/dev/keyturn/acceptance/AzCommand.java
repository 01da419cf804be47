package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.cli.client.ClientEnv;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An azure-cli as another process, with a directory of its own for all that it reads and writes: settings, tokens, its
 * home, the server's certificate authority. The names below {@code .localhost}, which most resolvers do not know, are
 * looked up for it by a module of Python's that Python loads by itself; nothing of azure-cli is changed.
 */
record AzCommand(List<String> command, Path directory, ClientEnv env) {
    /** Seconds. The first start of a new installation compiles what it loads. */
    private static final long PATIENCE = 300;

    private static final String NAMES = """
            import socket

            resolve = socket.getaddrinfo


            def getaddrinfo(host, *more, **named):
                if isinstance(host, str) and host.endswith(".localhost"):
                    host = "127.0.0.1"
                return resolve(host, *more, **named)


            socket.getaddrinfo = getaddrinfo
            """;

    record Ran(int status, String out, String err) {
        /** What it printed, where it said that it succeeded. */
        String ok() {
            assertThat(status).as(err).isZero();
            return out.strip();
        }

        /** What it complained of, where it said that it failed; without its debugging output. */
        String refused() {
            assertThat(status).as(out).isNotZero();
            assertThat(err).doesNotContain("Traceback");
            return err;
        }
    }

    static AzCommand in(Path directory, List<String> command, ClientEnv env) {
        try {
            Files.createDirectories(directory.resolve("names"));
            Files.writeString(directory.resolve("names/sitecustomize.py"), NAMES);
            Files.copy(env.caFile(), directory.resolve("ca.pem"));
            Files.writeString(directory.resolve("cloud.json"), cloud(env));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new AzCommand(command, directory, env);
    }

    /** As docs/clients.md has it. */
    private static String cloud(ClientEnv env) {
        return """
                {"endpoints": {
                   "resourceManager": "%1$s/", "management": "%1$s/",
                   "activeDirectory": "%1$s/adfs", "activeDirectoryResourceId": "%1$s/arm",
                   "activeDirectoryGraphResourceId": "%1$s/graph/", "microsoftGraphResourceId": "%1$s/graph/",
                   "vmImageAliasDoc": "%1$s/none", "gallery": "%1$s/"},
                 "suffixes": {"keyvaultDns": "%2$s", "mhsmDns": "%3$s", "storageEndpoint": "core.%4$s"}}
                """.formatted(env.server(), env.vaultSuffix(), env.hsmSuffix(), env.domain());
    }

    Ran run(String... arguments) {
        return run(Map.of(), arguments);
    }

    Ran run(Map<String, String> more, String... arguments) {
        return begin(more, arguments).end();
    }

    /** One that runs, and what it has said so far. */
    static final class Running {
        private final Process process;
        private final Path out;
        private final Path err;
        private final String line;

        private Running(Process process, Path out, Path err, String line) {
            this.process = process;
            this.out = out;
            this.err = err;
            this.line = line;
        }

        /** The first of what it complains that is of this form; waits for it. */
        Matcher says(Pattern form) {
            try {
                for (long i = 0; i < PATIENCE * 10; i++) {
                    Matcher found = form.matcher(Files.readString(err));
                    if (found.find()) {
                        return found;
                    }
                    if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                        throw new AssertionError(line + " ended: " + Files.readString(err));
                    }
                }
                throw new AssertionError(line + " does not say " + form);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        Ran end() {
            try {
                if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(line + " does not end");
                }
                return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    Running begin(Map<String, String> more, String... arguments) {
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of(arguments));
        Path err = directory.resolve("stderr");
        Path out = directory.resolve("stdout");
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("AZURE_") || name.startsWith("ARM_"));
        environment.putAll(Map.of(
                "HOME",
                directory.toString(),
                "AZURE_CONFIG_DIR",
                directory.resolve("az").toString(),
                "AZURE_CORE_COLLECT_TELEMETRY",
                "no",
                "AZURE_CORE_NO_COLOR",
                "yes",
                "REQUESTS_CA_BUNDLE",
                directory.resolve("ca.pem").toString(),
                "PYTHONPATH",
                directory.resolve("names").toString(),
                "PYTHONWARNINGS",
                "ignore",
                "LC_ALL",
                "C.UTF-8"));
        environment.putAll(more);
        try {
            return new Running(builder.start(), out, err, "az " + String.join(" ", arguments));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the server known as a cloud, and that cloud the one in use. */
    AzCommand registered() {
        run("cloud", "register", "-n", "keyturn", "--cloud-config", "@cloud.json")
                .ok();
        run("cloud", "set", "-n", "keyturn").ok();
        return this;
    }

    /** The same azure-cli for somebody else, who knows the cloud and is not signed in. */
    AzCommand another(String name) {
        try {
            Path other = directory.resolve(name);
            AzCommand made = in(other, command, env);
            Files.createDirectories(other.resolve("az"));
            for (String file : List.of("clouds.config", "config")) {
                Files.copy(
                        directory.resolve("az").resolve(file),
                        other.resolve("az").resolve(file));
            }
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of somebody else's, where this azure-cli can read it; its new name. */
    String take(Path file) {
        try {
            return Files.copy(file, directory.resolve(file.getFileName())).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Ran logIn(String client, String option, String secret) {
        return logIn(Map.of(), client, option, secret);
    }

    Ran logIn(Map<String, String> more, String client, String option, String secret) {
        return run(
                more, "login", "--service-principal", "-u", client, option, secret, "-t", env.tenant(), "-o", "json");
    }

    /** The first administrator's. */
    String secret() {
        return env.clientSecret().reveal(s -> new String(s, StandardCharsets.UTF_8));
    }
}
