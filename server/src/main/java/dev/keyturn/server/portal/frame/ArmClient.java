package dev.keyturn.server.portal.frame;

import dev.keyturn.core.identity.Call;
import dev.keyturn.json.Json;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a page says to Azure Resource Manager as a client would, for who is signed in: so there is one set of rules, and one
 * wording of each refusal. Thread-safe.
 */
public record ArmClient(ArmRoutes arm) {
    /** On no condition. */
    public static final Map<String, String> ALWAYS = Map.of();

    /**
     * @param call the person's own, or one that is rehearsed
     * @param path from {@code /subscriptions} on
     * @param headers conditions, by lower-case names
     * @throws dev.keyturn.core.model.DomainException as the route refuses
     * @throws dev.keyturn.json.BadBodyException where the body cannot be read
     */
    public Response send(
            Visitor visitor,
            Call call,
            String method,
            String path,
            String version,
            Map<String, String> headers,
            ObjectNode body) {
        String text = body.isEmpty() ? "" : Json.text(body);
        return arm.answer(
                call,
                new Request(
                        method,
                        visitor.request().authority(),
                        path,
                        Map.of("api-version", version),
                        headers,
                        text.getBytes(StandardCharsets.UTF_8),
                        Map.of()));
    }

    /** As {@link #send}, of something that is read. */
    public Response read(Visitor visitor, Call call, String path, String version) {
        return send(visitor, call, "GET", path, version, ALWAYS, Json.object());
    }
}
