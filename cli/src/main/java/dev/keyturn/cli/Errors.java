package dev.keyturn.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** How the command says what went wrong: a clear line for each problem; a stack trace only where it was asked for. */
final class Errors {
    private Errors() {}

    static int show(Exception e, PrintWriter err) {
        if (e instanceof CliException known) {
            known.lines().forEach(l -> err.println("keyturn: " + l));
            trace(e, err);
            return known.status();
        }
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        err.println("keyturn: " + message + (debug() ? "" : " (set KEYTURN_DEBUG=1 to see where)"));
        trace(e, err);
        return CliException.FAILED;
    }

    static int showUsage(ParameterException e) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(
                "keyturn: " + String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong usage"));
        List<String> suggestions =
                e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        if (!suggestions.isEmpty()) {
            err.println("Did you mean: " + String.join(", or ", suggestions.subList(0, Math.min(3, suggestions.size())))
                    + "?");
        }
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        trace(e, err);
        return CliException.USAGE;
    }

    static boolean debug() {
        return "1".equals(System.getenv("KEYTURN_DEBUG"));
    }

    private static void trace(Exception e, PrintWriter err) {
        if (debug()) {
            e.printStackTrace(err);
        }
    }
}
