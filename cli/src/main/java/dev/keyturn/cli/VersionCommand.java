package dev.keyturn.cli;

import dev.keyturn.json.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "version", description = "Prints the version.")
final class VersionCommand implements Callable<Integer> {
    @Mixin
    private OutputOption output = new OutputOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine()
                .getOut()
                .println(
                        output.json()
                                ? Json.text(Json.object()
                                        .put("version", Version.number())
                                        .put("java", Runtime.version().toString()))
                                : Version.text());
        return 0;
    }
}
