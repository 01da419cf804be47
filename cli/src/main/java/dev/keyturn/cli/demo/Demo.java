package dev.keyturn.cli.demo;

import dev.keyturn.cli.CliException;
import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.client.ClientEnv;
import dev.keyturn.json.Json;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** One run of the demo: its server, its story, its end. */
public final class Demo {
    private static final String SIMULATED = "simulated host: no real machine runs";

    private final HostChoice host;
    private final boolean keep;
    private final Optional<Path> clientEnv;

    /** @param clientEnv of a running server; empty for one of the demo's own */
    public Demo(HostChoice host, boolean keep, Optional<Path> clientEnv) {
        this.host = host;
        this.keep = keep;
        this.clientEnv = clientEnv;
    }

    /** Whether everything came out as it must. A failure was told already. */
    public boolean run(PrintWriter out, boolean json, boolean terminal, Charset charset) {
        Narrator narrator =
                json ? new JsonNarrator(out) : new TextNarrator(out, Look.of(System.getenv(), terminal, charset));
        narrator.open(
                "Keyturn: rotating the key of confidential VMs",
                real() ? List.of(host.line()) : List.of(SIMULATED, host.line()));
        List<String> end = new ArrayList<>();
        ObjectNode facts = Json.object().put("host", host.kind().toString()).put("hostBecause", host.why());
        boolean succeeded = play(narrator, end, facts);
        narrator.close(succeeded, end, facts);
        return succeeded;
    }

    private boolean play(Narrator narrator, List<String> end, ObjectNode facts) {
        Optional<DemoServer> own = Optional.empty();
        boolean succeeded = false;
        try {
            try {
                if (clientEnv.isEmpty()) {
                    own = Optional.of(server(narrator));
                }
                tell(own, narrator, end, facts);
                if (keep && own.isPresent()) {
                    stay(own.get(), end, facts);
                }
                succeeded = true;
            } catch (CliException e) {
                fail(e, end, facts);
            } finally {
                own.ifPresent(DemoServer::close);
            }
        } catch (CliException e) {
            succeeded = false;
            fail(e, end, facts);
        }
        return succeeded;
    }

    private boolean real() {
        return host.kind() == HostKind.LIBVIRT;
    }

    private static void fail(CliException e, List<String> end, ObjectNode facts) {
        end.addAll(e.lines());
        facts.put("error", String.valueOf(e.getMessage()));
    }

    private DemoServer server(Narrator narrator) {
        Ground ground = Ground.of(host.kind());
        return narrator.step("starting a server", _ -> {
            DemoServer server = DemoServer.start(ground, keep);
            String url = ClientEnv.read(ground.clientEnv()).server().toString();
            return new Narrator.Told<>(
                    server, "server of the demo's own, at " + url, Json.object().put("url", url));
        });
    }

    private void tell(Optional<DemoServer> own, Narrator narrator, List<String> end, ObjectNode facts) {
        Path env = own.map(s -> s.ground().clientEnv()).or(() -> clientEnv).orElseThrow();
        try (Api api = new Api(ClientEnv.read(env))) {
            Cast cast = Cast.of(api.env().subscription(), host.vms(), new SecureRandom());
            facts.put("server", api.env().server().toString());
            if (real()) {
                libvirt(own.orElseThrow(), api, cast, narrator, facts);
            } else {
                simulated(api, cast, narrator, facts);
            }
            end.add("0 artifacts under the old version.");
            end.add("(" + (real() ? "libvirt host: " + facts.get("label").stringValue() : SIMULATED) + ")");
        }
    }

    private void simulated(Api api, Cast cast, Narrator narrator, ObjectNode facts) {
        Estate estate = new Estate(api, cast, VmShape.SIMULATED);
        try {
            facts.setAll(new SimulatedStory(estate, cast, api.principal(), narrator).tell());
        } finally {
            if (clientEnv.isPresent() && !keep) {
                estate.deleteGroup();
            }
        }
    }

    private static void libvirt(DemoServer own, Api api, Cast cast, Narrator narrator, ObjectNode facts) {
        Ground ground = own.ground();
        GuestImage.build(narrator, ground);
        Estate estate = new Estate(api, cast, VmShape.GUEST);
        Farewell farewell = new Farewell(ground.clientEnv(), cast, ground);
        own.before(farewell);
        try {
            ImageFiles files = new ImageFiles(ground.storage(), estate, new Fleet(estate, cast.vms()));
            facts.setAll(new LibvirtStory(estate, cast, files, api.principal(), narrator).tell());
            cast.vms()
                    .forEach(vm -> facts.withArray("/vmIds").add(estate.vmId(vm).toString()));
        } finally {
            farewell.told();
        }
    }

    private static void stay(DemoServer server, List<String> end, ObjectNode facts) {
        server.keep();
        Ground ground = server.ground();
        facts.put("clientEnv", ground.clientEnv().toString()).put("pid", server.pid());
        end.add("");
        end.add("The server stays. To use it:  . " + ground.clientEnv());
        end.add("To stop it:                   kill " + server.pid());
        if (ground.kind() == HostKind.SIMULATED) {
            end.add("Its data stays in " + ground.data() + " until you delete it.");
            return;
        }
        List<String> ids = facts.withArray("/vmIds")
                .valueStream()
                .map(id -> id.stringValue())
                .toList();
        end.add(
                "The VMs run on, also without it. When it has stopped, this ends them, and deletes all that there was:");
        ids.forEach(id -> end.add("  virsh -c " + Libvirt.URI + " destroy " + id));
        end.add("  rm -rf " + ground.root() + " "
                + String.join(
                        " ",
                        ids.stream()
                                .map(id -> ImageFiles.vtpm(UUID.fromString(id)).toString())
                                .toList()));
    }
}
