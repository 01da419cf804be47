package dev.keyturn.server.arm;

import dev.keyturn.core.artifact.UnclaimedFiles;
import dev.keyturn.core.installation.HostFiles;
import dev.keyturn.json.Json;
import dev.keyturn.server.http.Response;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Ours, beside Azure's API (docs/own-endpoints.md): files on hosts that no VM and no disk has. */
public final class HostFilesRoutes {
    /** What an answer names at most. */
    private static final int MOST = 1_000;

    private HostFilesRoutes() {}

    public static void add(ArmRoutes routes, HostFiles files) {
        routes.add("GET", "/keyturn/hosts/unclaimedFiles", (call, _) -> render(files.look(call)));
    }

    private static Response render(UnclaimedFiles.Found found) {
        ObjectNode body = Json.object();
        ArrayNode value = body.putArray("value");
        found.files().stream().limit(MOST).forEach(f -> {
            ObjectNode file = value.addObject()
                    .put("host", f.host())
                    .put("path", f.file().path())
                    .put("kind", f.file().kind().wire());
            f.file().owner().ifPresent(id -> file.put("owner", id.toString()));
            file.put("bytes", f.file().bytes())
                    .put("lastWritten", f.file().changed().toString());
        });
        body.put("more", Math.max(0, found.files().size() - MOST));
        ArrayNode silent = body.putArray("notLookedAt");
        found.silent().forEach(s -> silent.addObject().put("host", s.host()).put("message", s.why()));
        return Response.ok(body);
    }
}
