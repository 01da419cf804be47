package dev.keyturn.server.portal.activity;

import dev.keyturn.core.audit.AuditQuery;
import dev.keyturn.core.audit.AuditReader;
import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.AuditStore;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.installation.AuditTrail;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.json.Json;
import dev.keyturn.server.arm.audit.Positions;
import dev.keyturn.server.arm.audit.Times;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.Az;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;

/** The activity log: who did what, with what may be asked of the API, and the same rights. */
public final class ActivityPages {
    private static final String RECORD = Links.ACTIVITY + "/record";
    private static final int SHOWN = 50;
    private static final int CHUNK = 1_000;
    private static final List<String> COLUMNS = List.of(
            "at",
            "caller",
            "callerName",
            "action",
            "scope",
            "target",
            "outcome",
            "code",
            "door",
            "correlation",
            "operation",
            "clientRequest",
            "node",
            "sequence");

    private final Entry entry;
    private final AuditTrail trail;
    private final Scope subscription;

    public ActivityPages(Entry entry, AuditTrail trail, Subscription subscription) {
        this.entry = entry;
        this.trail = trail;
        this.subscription = Scope.subscription(subscription.id());
    }

    public void addTo(Routes routes) {
        entry.page(routes, Links.ACTIVITY, this::list);
        entry.page(routes, Links.ACTIVITY + "/export.csv", v -> csv(export(v)));
        entry.page(routes, Links.ACTIVITY + "/export.json", v -> json(export(v)));
        entry.page(routes, RECORD, this::one);
    }

    /**
     * What was done last, newest first, with no use of a key.
     *
     * @throws DomainException {@code Forbidden} for whom the list is not shown either
     */
    public List<ActivityLine> newest(Visitor visitor, int limit) {
        ActivityFields all = new ActivityFields(Map.of());
        return reader(visitor, all).find(all.query(subscription), limit).records().stream()
                .map(r -> ActivityLine.of(r, address(all, r)))
                .toList();
    }

    private AuditReader reader(Visitor visitor, ActivityFields asked) {
        return asked.withKeys() ? trail.records(visitor.call()) : trail.activity(visitor.call());
    }

    private Response list(Visitor visitor) {
        ActivityFields asked = ActivityFields.of(visitor.request());
        AuditReader reader = reader(visitor, asked);
        Optional<String> after = visitor.request().query("after").filter(a -> !a.isEmpty());
        List<ActivityLine> lines = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Optional<String> next = Optional.empty();
        try {
            AuditQuery query = asked.query(subscription);
            AuditStore.Found found =
                    reader.find(after.map(Positions::parse).map(query::behind).orElse(query), SHOWN + 1);
            found.records().stream()
                    .limit(SHOWN)
                    .map(r -> ActivityLine.of(r, address(asked, r)))
                    .forEach(lines::add);
            next = found.records().size() > SHOWN
                    ? Optional.of(Positions.of(found.records().get(SHOWN - 1)))
                    : found.further().map(Positions::of);
        } catch (DomainException e) {
            if (!(e.error() instanceof DomainError.Invalid invalid)) {
                throw e;
            }
            problems.addAll(messages(invalid.info()));
        }
        ActivityPage page = new ActivityPage(
                asked,
                lines,
                problems,
                after.isEmpty(),
                next.map(n -> asked.address(Links.ACTIVITY, "after", n)),
                asked.address(Links.ACTIVITY + "/export.csv"),
                asked.address(Links.ACTIVITY + "/export.json"));
        return entry.html()
                .page(
                        problems.isEmpty() ? 200 : 400,
                        "activity",
                        entry.frame(visitor, "Activity", Links.ACTIVITY, Optional.empty())
                                .with(steps(visitor.request(), asked)),
                        page);
    }

    private static List<String> messages(ErrorInfo info) {
        return info.details().isEmpty()
                ? List.of(info.message())
                : info.details().stream().map(ErrorInfo::message).toList();
    }

    private static String address(ActivityFields asked, AuditRecord r) {
        return RECORD + "?at=" + Links.part(r.at().toString()) + "&node=" + Links.part(r.node()) + "&sequence="
                + r.sequence() + (asked.withKeys() ? "&" + ActivityFields.KEYS + "=1" : "");
    }

    private List<Step> steps(Request request, ActivityFields asked) {
        List<String> terms = new ArrayList<>();
        terms.add("eventTimestamp ge '"
                + Times.parse(asked.get("since")).map(Object::toString).orElse("2020-01-01T00:00:00Z") + "'");
        Times.parse(asked.get("until")).ifPresent(t -> terms.add("eventTimestamp le '" + t + "'"));
        Az az = Az.of("monitor", "activity-log", "list");
        az = asked.get("since").isEmpty() ? az.with("--offset", "30d") : az.with("--start-time", asked.get("since"));
        az = option(az, "--end-time", asked.get("until"));
        az = option(az, "--caller", asked.get("caller"));
        az = option(az, "--resource-group", asked.get("group"));
        az = option(az, "--resource-id", asked.get("resource"));
        az = option(az, "--correlation-id", asked.get("correlation"));
        term(terms, "caller", asked.get("caller"));
        term(terms, "resourceGroupName", asked.get("group"));
        term(terms, "resourceUri", asked.get("resource"));
        term(terms, "correlationId", asked.get("correlation"));
        return List.of(Step.arm(
                        request,
                        "List this",
                        "GET",
                        subscription.path() + "/providers/Microsoft.Insights/eventtypes/management/values",
                        Step.OWN,
                        "$filter=" + Links.part(String.join(" and ", terms)))
                .by(az));
    }

    private static Az option(Az az, String name, String value) {
        return value.isEmpty() ? az : az.with(name, value);
    }

    private static void term(List<String> terms, String name, String value) {
        if (!value.isEmpty()) {
            terms.add(name + " eq '" + value.replace("'", "''") + "'");
        }
    }

    private Export export(Visitor visitor) {
        ActivityFields asked = ActivityFields.of(visitor.request());
        return Export.of(reader(visitor, asked)::find, asked.query(subscription));
    }

    private static Response csv(Export export) {
        StringBuilder text = new StringBuilder(Csv.line(COLUMNS));
        export.lines()
                .forEach(r -> text.append(Csv.line(COLUMNS.stream()
                        .map(c -> String.valueOf(r.getOrDefault(c, "")))
                        .toList())));
        return file("text/csv; charset=utf-8", "activity.csv", text.toString());
    }

    private static Response json(Export export) {
        ArrayNode all = Json.object().putArray("records");
        export.lines().forEach(r -> all.add(Json.object(r)));
        return file("application/json; charset=utf-8", "activity.json", all.toString());
    }

    private static Response file(String type, String name, String content) {
        return Html.held(Response.text(200, type, content))
                .with("Content-Disposition", "attachment; filename=\"" + name + "\"");
    }

    /** A record is looked for as the list looks for it, so that nobody sees one here that they would not see there. */
    private Response one(Visitor visitor) {
        Request request = visitor.request();
        ActivityFields asked = new ActivityFields(
                Map.of(ActivityFields.KEYS, request.query(ActivityFields.KEYS).orElse("")));
        AuditReader reader = reader(visitor, asked);
        AuditRecord found = request.query("at")
                .flatMap(Times::parse)
                .flatMap(at -> reader.find(asked.query(subscription).since(at).to(at), CHUNK).records().stream()
                        .filter(r -> r.node().equals(request.query("node").orElse(""))
                                && Long.toString(r.sequence())
                                        .equals(request.query("sequence").orElse("")))
                        .findFirst())
                .orElseThrow(() -> new DomainError.NotFound(ErrorInfo.of(
                                "NotFound", "There is no such record, or it was removed when its days were over."))
                        .asException());
        Map<String, String> fields = new LinkedHashMap<>();
        found.fields().forEach((name, value) -> fields.put(name, String.valueOf(value)));
        RecordPage page = new RecordPage(
                ActivityLine.of(found, ""),
                fields,
                asked.address(Links.ACTIVITY, "correlation", found.correlation().toString()),
                asked.address(Links.ACTIVITY));
        return entry.html()
                .page(
                        200,
                        "record",
                        entry.frame(visitor, found.action(), Links.ACTIVITY, Optional.empty())
                                .with(Step.arm(
                                        request,
                                        "Get what belongs to its request",
                                        "GET",
                                        "/keyturn/audit",
                                        Step.OWN,
                                        "correlation=" + found.correlation())),
                        page);
    }
}
