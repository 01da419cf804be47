package dev.keyturn.cli;

import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.client.ClientEnv;
import dev.keyturn.json.Json;
import java.io.PrintWriter;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;

@Command(
        name = "hosts",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the hosts-file lines for a running server, its vaults and managed HSMs.",
            "Resolvers such as glibc's do not know names below .localhost; append the lines to /etc/hosts:",
            "  keyturn hosts | sudo tee -a /etc/hosts"
        })
final class HostsCommand implements Callable<Integer> {
    private static final String VERSION = "2023-07-01";

    @Mixin
    private DataOption data = new DataOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(
            names = "--address",
            paramLabel = "IP",
            description = "The address to print (default: ${DEFAULT-VALUE}, where the server listens by default).")
    private String address = "127.0.0.1";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!address.matches("[0-9a-fA-F:.]{2,45}")) {
            throw CliException.usage("--address must be an IP address, not '" + address + "'");
        }
        Set<String> names = new LinkedHashSet<>();
        try (Api api = new Api(ClientEnv.read(data.directory().resolve("client.env")))) {
            names.add(api.env().domain());
            add(api, "vaults", "properties.vaultUri", names);
            add(api, "managedHSMs", "properties.hsmUri", names);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (output.json()) {
            ArrayNode hosts = Json.array();
            names.forEach(hosts::add);
            out.println(Json.pretty(Json.object().put("address", address).set("names", hosts)));
        } else {
            names.forEach(n -> out.println(address + " " + n));
        }
        return 0;
    }

    private static void add(Api api, String type, String uri, Set<String> names) {
        api.list("/providers/Microsoft.KeyVault/" + type, VERSION)
                .forEach(r -> names.add(URI.create(Answer.text(r, uri)).getHost()));
    }
}
