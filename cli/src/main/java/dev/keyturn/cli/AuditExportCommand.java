package dev.keyturn.cli;

import dev.keyturn.cli.audit.AuditExport;
import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.client.ClientEnv;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the whole record of a running server as lines of JSON, with its checkpoints and the public key.",
            "Keep it where the server's administrators cannot change it: who can change the database and has its master",
            "key can write another history, but not into what you have."
        })
final class AuditExportCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--out", paramLabel = "FILE", description = "A new file (mode 0600); standard output without it.")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Begins at the last checkpoint before that day or time.")
    private Optional<String> since = Optional.empty();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
        Optional<Instant> from = since.map(Since::parse);
        try (Api api = new Api(ClientEnv.read(data.directory().resolve("client.env")))) {
            if (file.isPresent()) {
                long records = toFile(api, from, file.get());
                spec.commandLine().getErr().println(records + " records in " + file.get());
            } else {
                PrintWriter out = spec.commandLine().getOut();
                new AuditExport(api, from, out::println).write();
                out.flush();
            }
        }
        return 0;
    }

    private static long toFile(Api api, Optional<Instant> from, Path path) {
        try (FileChannel channel = FileChannel.open(
                        path,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                PrintWriter out = new PrintWriter(Channels.newWriter(channel, StandardCharsets.UTF_8), false)) {
            long records = new AuditExport(api, from, line -> out.print(line + "\n")).write();
            if (out.checkError()) {
                throw CliException.failed("cannot write " + path + " to its end: is its disk full?");
            }
            channel.force(true);
            return records;
        } catch (FileAlreadyExistsException e) {
            throw CliException.usage("--out names a file that is there already: " + path);
        } catch (IOException e) {
            throw CliException.usage("cannot write " + path + ": " + e.getMessage());
        }
    }
}
