package dev.keyturn.cli;

import dev.keyturn.cli.demo.Demo;
import dev.keyturn.cli.demo.HostChoice;
import dev.keyturn.cli.demo.Libvirt;
import dev.keyturn.cli.demo.LibvirtInstallation;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
    @Mixin
    private OutputOption output = new OutputOption();

    @Option(
            names = "--vms",
            paramLabel = "N",
            description = "How many confidential VMs (default: 4 on the simulated host, 2 on libvirt).")
    private Optional<Integer> vms = Optional.empty();

    @Option(
            names = "--host",
            paramLabel = "KIND",
            description = {
                "Where the VMs run: libvirt, with real guests, or simulated, where no real machine runs. Default: libvirt",
                "where this machine's libvirt answers and has all it takes, else simulated."
            })
    private Optional<String> host = Optional.empty();

    @Option(
            names = "--install",
            description = {
                "Install and start first what --host libvirt needs (on Debian, as root): packages, virtlogd, libvirtd."
            })
    private boolean install;

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
        HostChoice.Asked asked = new HostChoice.Asked(host, vms, clientEnv.isPresent());
        if (install) {
            HostChoice.of(asked, List::of); // a bad option is told before anything is installed
            LibvirtInstallation.run();
        }
        HostChoice choice = HostChoice.of(asked, Libvirt::obstacles);
        PrintWriter out = spec.commandLine().getOut();
        boolean terminal = System.getProperty("keyturn.terminal", "false").equals("true");
        return new Demo(choice, keep, clientEnv).run(out, output.json(), terminal, charset()) ? 0 : CliException.FAILED;
    }

    /** What standard output is read as; the command itself always writes UTF-8. */
    private static Charset charset() {
        String name = System.getProperty("stdout.encoding", "UTF-8");
        return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.US_ASCII;
    }
}
