package dev.keyturn.cli;

import dev.keyturn.cli.audit.AuditExport;
import dev.keyturn.cli.audit.ExportVerifier;
import dev.keyturn.cli.audit.ExportVerifier.NoExportException;
import dev.keyturn.cli.audit.Verdict;
import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.client.ClientEnv;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Finds what was removed, altered, reordered or cut off: in an export, without a server, or without a file in",
            "the running server's record. Exit status: 0 whole, 1 not whole, 2 not an export or no answer."
        })
final class AuditVerifyCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "An export.")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--key",
            paramLabel = "ID",
            description =
                    "Count only signatures of this key, which an earlier verify has named. Without it, those of the key"
                            + " that the export itself brings.")
    private Optional<String> key = Optional.empty();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
        ExportVerifier verifier = new ExportVerifier(key);
        try {
            if (file.isPresent()) {
                read(file.get(), verifier);
            } else {
                ask(verifier);
            }
            verifier.end();
        } catch (NoExportException e) {
            throw CliException.usage(
                    file.map(f -> f + " is not an export: ").orElse("the server's answer is not an export: ")
                            + e.getMessage());
        }
        Verdict verdict = new Verdict(verifier);
        if (output.json()) {
            spec.commandLine().getOut().println(verdict.json());
        } else {
            verdict.text(spec.commandLine().getOut());
        }
        return verdict.whole() ? 0 : CliException.FAILED;
    }

    private static void read(Path path, ExportVerifier verifier) throws NoExportException {
        try (BufferedReader lines = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                verifier.line(line);
            }
        } catch (NoSuchFileException e) {
            throw CliException.usage("there is no " + path);
        } catch (IOException e) {
            throw CliException.usage("cannot read " + path + ": " + e.getMessage());
        }
    }

    private void ask(ExportVerifier verifier) throws NoExportException {
        try (Api api = new Api(ClientEnv.read(data.directory().resolve("client.env")))) {
            new AuditExport(api, Optional.empty(), line -> {
                        try {
                            verifier.line(line);
                        } catch (NoExportException e) {
                            throw CliException.usage("the server's answer is not an export: " + e.getMessage());
                        }
                    })
                    .write();
        } catch (CliException e) {
            CliException told = new CliException(CliException.USAGE, e.lines()); // 1 says "not whole"
            told.initCause(e);
            throw told;
        }
    }
}
