package dev.keyturn.cli;

import dev.keyturn.cli.demo.Demo;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the main job from beginning to end, through the public API: a vault, a key, a disk encryption set,",
            "confidential VMs; a rotation refused, one that fails half-way, the retry that finishes; the old version off."
        })
final class DemoCommand implements Callable<Integer> {
    /** Wherever the simulated host shows, it says what it is. */
    static final String LABEL = "simulated host: no real machine runs";

    static final String NO_LIBVIRT = "real machines are not in this build; it has the simulated host alone";
    private static final int MOST_VMS = 500;

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(names = "--vms", paramLabel = "N", description = "How many confidential VMs (default: ${DEFAULT-VALUE}).")
    private int vms = 4;

    @Option(names = "--host", paramLabel = "KIND", description = "Where the VMs run: simulated (default).")
    private String host = "simulated";

    @Option(names = "--keep", description = "Leave the server and all that was made, and print how to connect.")
    private boolean keep;

    @Option(
            names = "--client-env",
            paramLabel = "FILE",
            description = "Use a running server: the client.env in its data directory. Default: a server of its own.")
    private Optional<Path> clientEnv = Optional.empty();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<String> wrong = new ArrayList<>();
        if (vms < 1 || vms > MOST_VMS) {
            wrong.add("--vms must be between 1 and " + MOST_VMS + ", not " + vms);
        }
        if (host.equals("libvirt")) {
            wrong.add("--host libvirt: " + NO_LIBVIRT);
        } else if (!host.equals("simulated")) {
            wrong.add("--host must be simulated, not '" + host + "'");
        }
        if (!wrong.isEmpty()) {
            throw new CliException(CliException.USAGE, wrong);
        }
        PrintWriter out = spec.commandLine().getOut();
        boolean terminal = System.getProperty("keyturn.terminal", "false").equals("true");
        return new Demo(vms, keep, clientEnv).run(out, output.json(), terminal, charset()) ? 0 : CliException.FAILED;
    }

    /** What standard output is read as; the command itself always writes UTF-8. */
    private static Charset charset() {
        String name = System.getProperty("stdout.encoding", "UTF-8");
        return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.US_ASCII;
    }
}
