package dev.keyturn.cli;

import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.client.ClientEnv;
import dev.keyturn.cli.console.Follow;
import dev.keyturn.cli.console.Screen;
import dev.keyturn.cli.console.SerialConsole;
import dev.keyturn.cli.console.TerminalText;
import dev.keyturn.json.Json;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "console",
        mixinStandardHelpOptions = true,
        description = {
            "Prints what a VM's guest wrote to its serial console: the newest MiB.",
            "On a terminal, control and escape sequences of the guest are left out; elsewhere every byte is as it is."
        })
final class ConsoleCommand implements Callable<Integer> {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    @Mixin
    private DataOption data = new DataOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Parameters(index = "0", paramLabel = "VM", description = "The VM's name, or its resource id.")
    private String vm = "";

    @Option(
            names = {"-g", "--resource-group"},
            paramLabel = "GROUP",
            description = "The VM's resource group, where its name alone does not say which VM it is.")
    private Optional<String> group = Optional.empty();

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on printing what is new, until Ctrl-C.")
    private boolean follow;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (follow && output.json()) {
            throw CliException.usage("--follow prints text as it comes; it does not go with --output json");
        }
        try (Api api = new Api(ClientEnv.read(data.directory().resolve("client.env")))) {
            SerialConsole console = SerialConsole.of(api, vm, group);
            if (output.json()) {
                json(console);
            } else {
                text(console);
            }
        } catch (CliException e) {
            CliException told = CliException.usage(String.join("; ", e.lines()));
            told.initCause(e);
            throw told;
        }
        return 0;
    }

    private void json(SerialConsole console) {
        String text = new String(console.read(), StandardCharsets.UTF_8);
        String document = Json.pretty(Json.object().put("vm", console.vm()).put("text", text));
        // JSON escapes the control characters of ASCII, but not those beyond
        boolean filter = terminal();
        spec.commandLine()
                .getOut()
                .println(filter ? new TerminalText().next(document.getBytes(StandardCharsets.UTF_8)) : document);
    }

    private void text(SerialConsole console) {
        PrintWriter err = spec.commandLine().getErr();
        try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
            Follow following =
                    new Follow(console::read, new Screen(out, terminal()), line -> err.println("keyturn: " + line));
            following.run(() -> follow && paused());
        } catch (IOException e) {
            // whoever read has enough of it, as 'head' has
        }
    }

    /** What the launcher says, or without it what the system does. */
    private static boolean terminal() {
        if (System.getProperty("keyturn.terminal", "false").equals("true")) {
            return true;
        }
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static boolean paused() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
