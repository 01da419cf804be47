package dev.keyturn.cli.demo;

import dev.keyturn.cli.CliException;
import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.client.ClientEnv;
import dev.keyturn.wire.Json;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** One run of the demo: its server, its story, its end. */
public final class Demo {
    private static final String LABEL = "simulated host: no real machine runs";

    private final int vms;
    private final boolean keep;
    private final Optional<Path> clientEnv;

    /** @param clientEnv of a running server; empty for one of the demo's own */
    public Demo(int vms, boolean keep, Optional<Path> clientEnv) {
        this.vms = vms;
        this.keep = keep;
        this.clientEnv = clientEnv;
    }

    /** Whether everything came out as it must. A failure was told already. */
    public boolean run(PrintWriter out, boolean json, boolean terminal, Charset charset) {
        Narrator narrator =
                json ? new JsonNarrator(out) : new TextNarrator(out, Look.of(System.getenv(), terminal, charset));
        narrator.open("Keyturn: rotating the key of confidential VMs", List.of(LABEL));
        List<String> end = new ArrayList<>();
        ObjectNode facts = Json.object();
        boolean succeeded;
        Optional<DemoServer> own = Optional.empty();
        try {
            if (clientEnv.isEmpty()) {
                own = Optional.of(narrator.step("starting a server", _ -> {
                    DemoServer server = DemoServer.start(keep);
                    String url = ClientEnv.read(server.clientEnv()).server().toString();
                    return new Narrator.Told<>(
                            server,
                            "server of the demo's own, at " + url,
                            Json.object().put("url", url));
                }));
            }
            Path env = own.map(DemoServer::clientEnv).or(() -> clientEnv).orElseThrow();
            succeeded = tell(env, narrator, end, facts);
            own.filter(_ -> keep).ifPresent(server -> stay(server, end, facts));
        } catch (CliException e) {
            succeeded = false;
            end.addAll(e.lines());
            facts.put("error", String.valueOf(e.getMessage()));
        } finally {
            own.ifPresent(DemoServer::close);
        }
        narrator.close(succeeded, end, facts);
        return succeeded;
    }

    private boolean tell(Path env, Narrator narrator, List<String> end, ObjectNode facts) {
        try (Api api = new Api(ClientEnv.read(env))) {
            Cast cast = Cast.of(api.env().subscription(), vms, new SecureRandom());
            Estate estate = new Estate(api, cast);
            facts.put("server", api.env().server().toString());
            try {
                facts.setAll(new Story(estate, cast, api.principal(), narrator).tell());
                end.add("0 artifacts under the old version.");
                end.add("(" + LABEL + ")");
                return true;
            } finally {
                if (clientEnv.isPresent() && !keep) {
                    estate.deleteGroup();
                }
            }
        }
    }

    private static void stay(DemoServer server, List<String> end, ObjectNode facts) {
        server.keep();
        facts.put("clientEnv", server.clientEnv().toString()).put("pid", server.pid());
        end.add("");
        end.add("The server stays. To use it:  . " + server.clientEnv());
        end.add("To stop it:                   kill " + server.pid());
        end.add("Its data stays in " + server.data() + " until you delete it.");
    }
}
