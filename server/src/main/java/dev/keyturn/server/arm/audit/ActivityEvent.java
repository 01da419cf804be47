package dev.keyturn.server.arm.audit;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** A record as Azure's activity log shows it (EventData of Microsoft.Insights, api-version 2015-04-01). */
final class ActivityEvent {
    /** What there is, in Azure's spelling; also what {@code $select} may name. */
    static final List<String> FIELDS = List.of(
            "authorization",
            "caller",
            "category",
            "claims",
            "correlationId",
            "description",
            "eventDataId",
            "eventName",
            "eventTimestamp",
            "httpRequest",
            "id",
            "level",
            "operationId",
            "operationName",
            "properties",
            "resourceGroupName",
            "resourceId",
            "resourceProviderName",
            "resourceType",
            "status",
            "subStatus",
            "submissionTimestamp",
            "subscriptionId",
            "tenantId");

    private static final String OBJECT_ID = "http://schemas.microsoft.com/identity/claims/objectidentifier";
    private static final Pattern GROUP = Pattern.compile("^/subscriptions/[^/]+/resourcegroups/([^/]+)");
    /** Ticks are hundreds of nanoseconds since the year 1. */
    private static final Instant FIRST_TICK = Instant.parse("0001-01-01T00:00:00Z");

    private ActivityEvent() {}

    /** @param fields those that are wanted; all where it is empty */
    static ObjectNode render(AuditRecord r, Subscription subscription, Set<String> fields) {
        boolean ours = r.caller().equals(Call.SERVER.principal());
        String caller = ours ? r.callerName() : r.caller().toString();
        String event = UUID.nameUUIDFromBytes((r.node() + "/" + r.sequence()).getBytes(StandardCharsets.UTF_8))
                .toString();
        ObjectNode out = Json.object();
        out.putObject("authorization").put("action", r.action()).put("scope", r.scope());
        out.put("caller", caller);
        name(out, "category", "Administrative");
        out.putObject("claims")
                .put("appid", r.callerName())
                .put(OBJECT_ID, r.caller().toString());
        out.put("correlationId", r.correlation().toString());
        out.put("description", "");
        out.put("eventDataId", event);
        name(out, "eventName", "EndRequest");
        out.put("eventTimestamp", r.at().toString());
        ObjectNode http = out.putObject("httpRequest");
        r.clientRequest().ifPresent(id -> http.put("clientRequestId", id));
        out.put("id", r.scope() + "/events/" + event + "/ticks/" + ticks(r.at()));
        out.put("level", level(r.outcome()));
        out.put("operationId", r.operation().orElse(r.correlation()).toString());
        name(out, "operationName", r.action());
        properties(out.putObject("properties"), r);
        Matcher group = GROUP.matcher(r.scope());
        out.put("resourceGroupName", group.find() ? group.group(1) : "");
        out.put("resourceId", r.scope());
        name(out, "resourceProviderName", r.action().substring(0, r.action().indexOf('/')));
        name(out, "resourceType", type(r.action()));
        name(out, "status", r.outcome() == Outcome.ALLOWED ? "Succeeded" : "Failed");
        name(out, "subStatus", r.code().orElse(""));
        out.put("submissionTimestamp", r.at().toString());
        out.put("subscriptionId", subscription.id());
        out.put("tenantId", subscription.tenant());
        if (!fields.isEmpty()) {
            FIELDS.stream().filter(f -> !fields.contains(f)).forEach(out::remove);
        }
        return out;
    }

    private static void properties(ObjectNode out, AuditRecord r) {
        out.put("outcome", lower(r.outcome()))
                .put("door", lower(r.door()))
                .put("node", r.node())
                .put("sequence", Long.toString(r.sequence()));
        r.target().ifPresent(t -> out.put("target", t));
        r.code().ifPresent(c -> out.put("statusCode", c));
    }

    private static void name(ObjectNode out, String field, String value) {
        out.putObject(field).put("value", value).put("localizedValue", value);
    }

    private static String level(Outcome outcome) {
        return switch (outcome) {
            case ALLOWED -> "Informational";
            case REFUSED -> "Warning";
            case FAILED -> "Error";
        };
    }

    /** {@code Microsoft.Compute/virtualMachines} of {@code Microsoft.Compute/virtualMachines/start/action}. */
    private static String type(String action) {
        String type = action.endsWith("/action") ? action.substring(0, action.length() - "/action".length()) : action;
        return type.substring(0, type.lastIndexOf('/'));
    }

    private static long ticks(Instant at) {
        Duration since = Duration.between(FIRST_TICK, at);
        return since.getSeconds() * 10_000_000 + since.getNano() / 100;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
