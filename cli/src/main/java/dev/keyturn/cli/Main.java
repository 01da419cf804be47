package dev.keyturn.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** Entry point of the {@code keyturn} command. */
@Command(
        name = "keyturn",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Customer-managed keys for confidential VMs, self-hosted: vaults, managed HSMs, disk encryption"
                + " sets, and a rotation that cannot lose a key.",
        subcommands = {
            UpCommand.class,
            HostsCommand.class,
            ConsoleCommand.class,
            AdminCommand.class,
            AuditCommand.class,
            MigrateCommand.class,
            DemoCommand.class,
            VersionCommand.class,
            HelpCommand.class
        })
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(args, out, err));
    }

    /** The exit status: 0 done, 1 did not succeed, 2 could not begin. */
    static int run(String[] args, PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(new Main());
        line.setOut(out);
        line.setErr(err);
        line.setExecutionStrategy(Main::execute);
        line.setExecutionExceptionHandler((e, command, _) -> Errors.show(e, command.getErr()));
        line.setParameterExceptionHandler((e, _) -> Errors.showUsage(e));
        return line.execute(args);
    }

    private static int execute(CommandLine.ParseResult parsed) {
        if (!parsed.hasSubcommand() && !CommandLine.printHelpIfRequested(parsed)) {
            parsed.commandSpec()
                    .commandLine()
                    .usage(parsed.commandSpec().commandLine().getErr());
            return CliException.USAGE;
        }
        return new CommandLine.RunLast().execute(parsed);
    }
}
