package dev.keyturn.server.arm.audit;

import dev.keyturn.core.audit.AuditQuery;
import dev.keyturn.core.audit.AuditReader;
import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.AuditStore;
import dev.keyturn.core.audit.Checkpoint;
import dev.keyturn.core.audit.CheckpointKeys;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.installation.AuditTrail;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.json.Json;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.http.Page;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who did what: {@code eventtypes/management/values}, which is Azure's activity log; and, of our own, every record as it
 * is stored, by what is asked for ({@code /keyturn/audit}) or in the order of the chains ({@code
 * /keyturn/audit/chains/...}), from which an export is made.
 */
public final class AuditRoutes {
    private static final String OWN = "/keyturn/audit";

    private final AuditTrail trail;
    private final Subscription subscription;
    private final Scope scope;

    private AuditRoutes(AuditTrail trail, Subscription subscription) {
        this.trail = trail;
        this.subscription = subscription;
        this.scope = Scope.subscription(subscription.id());
    }

    public static void add(ArmRoutes routes, AuditTrail trail, Subscription subscription) {
        AuditRoutes it = new AuditRoutes(trail, subscription);
        routes.add(
                        "GET",
                        "/subscriptions/{subscription}/providers/Microsoft.Insights/eventtypes/management/values",
                        it::activity)
                .add("GET", OWN, it::records)
                .add("GET", OWN + "/chains", (call, _) -> it.chains(call))
                .add("GET", OWN + "/chains/{node}/records", it::chain)
                .add("GET", OWN + "/chains/{node}/checkpoints", it::checkpoints);
    }

    private Response activity(Call call, Request request) {
        AuditReader reader = trail.activity(call);
        AuditQuery query = ActivityFilter.parse(request.query("$filter"), scope);
        Set<String> fields = Selection.of(request.query("$select"), ActivityEvent.FIELDS);
        return page(reader, request, query, r -> ActivityEvent.render(r, subscription, fields));
    }

    private Response records(Call call, Request request) {
        AuditReader reader = trail.records(call);
        return page(reader, request, RecordQuery.of(request), r -> Json.object(r.fields()));
    }

    private static Response page(
            AuditReader reader, Request request, AuditQuery query, Function<AuditRecord, ObjectNode> render) {
        Page page = Page.of(request);
        AuditQuery here = page.after().map(Positions::parse).map(query::behind).orElse(query);
        AuditStore.Found found = reader.find(here, page.fetch());
        return page.answer(request, found.records(), found.further().map(Positions::of), Positions::of, render);
    }

    private Response chains(Call call) {
        AuditReader reader = trail.records(call);
        ObjectNode body = Json.object();
        byte[] key = reader.publicKey();
        body.putArray("keys")
                .addObject()
                .put("id", CheckpointKeys.id(key))
                .put("algorithm", "Ed25519")
                .put("publicKey", Base64.getEncoder().encodeToString(key));
        ArrayNode nodes = body.putArray("nodes");
        reader.nodes().forEach(name -> {
            ObjectNode node = nodes.addObject().put("name", name);
            reader.cut(name).map(Checkpoint::number).ifPresent(n -> node.put("cutAtCheckpoint", n));
            reader.wrong(name).ifPresent(w -> node.put("problem", w));
        });
        return Response.ok(body);
    }

    private Response chain(Call call, Request request) {
        AuditReader reader = trail.records(call);
        Page page = Page.of(request);
        String node = request.variable("node");
        List<AuditRecord> found = reader.chain(node, after(request, page), page.fetch());
        return page.answer(request, found, r -> Long.toString(r.sequence()), r -> Json.object(r.fields()));
    }

    private Response checkpoints(Call call, Request request) {
        AuditReader reader = trail.records(call);
        Page page = Page.of(request);
        String node = request.variable("node");
        List<Checkpoint> found = reader.checkpoints(node, after(request, page), page.fetch());
        return page.answer(request, found, c -> Long.toString(c.number()), c -> Json.object(c.fields()));
    }

    /** The number behind which a page begins: of the page before, or what the client says. */
    private static long after(Request request, Page page) {
        Optional<String> number = page.after().or(() -> request.query("after"));
        return number.map(Positions::number).orElse(0L);
    }
}
