package dev.keyturn.server.arm;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.Region;
import dev.keyturn.core.resource.Draft;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import dev.keyturn.server.http.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What all ARM bodies have in common: location and tags on the way in, the head of the resource on the way out. What
 * the server says of a resource (id, name, type, state) is ignored where a client sends it back.
 */
public final class ResourceBody {
    private static final Pattern LOCATION = Pattern.compile("[a-z0-9]{1,60}");
    private static final int MAX_TAGS = 50;
    private static final Set<String> SECRETS =
            Set.of("adminpassword", "customdata", "protectedsettings", "password", "clientsecret", "sharedkey");

    private ResourceBody() {}

    /**
     * The body of a PUT or PATCH, which must not be empty, in the spelling of its shape: what is read, merged and stored
     * from here on has every known name in one spelling, in its place.
     */
    public static ObjectNode of(Request request, Shape shape) {
        if (request.body().length == 0) {
            throw new DomainError.Invalid(
                            ErrorInfo.of("InvalidRequestContent", "The request needs a JSON object as its body."))
                    .asException();
        }
        return shape.canonical(request.json());
    }

    /**
     * As {@link #of(Request, Shape)}, of a caller that is allowed the action at the request's scope: no body is read
     * before that is known. The service asks again, at the time that it acts.
     */
    public static ObjectNode of(Doors doors, Call call, Action action, Request request, Shape shape) {
        doors.require(call, action, ArmRoutes.scope(request));
        return of(request, shape);
    }

    /**
     * A PATCH, as {@link #of(Request, Shape)} gave it, laid over the resource as it is rendered (RFC 7396), but that tags replace all
     * tags that there were, as Azure has it, and that a null leaves what always has a value.
     */
    public static ObjectNode patched(ObjectNode present, ObjectNode patch, Shape shape) {
        ObjectNode merged = MergePatch.apply(present, shape.withoutLastingNulls(patch));
        if (patch.get("tags") instanceof ObjectNode tags) {
            merged.set("tags", MergePatch.withoutNulls(tags));
        }
        return merged;
    }

    /** Reads location and tags of a whole resource; problems go to {@code fields}. */
    public static Draft draft(Fields fields) {
        String location = location(fields);
        return new Draft(location, tags(fields), Json.text(document(fields.node())));
    }

    private static String location(Fields fields) {
        if (!fields.has("location")) {
            fields.problem("location", "'location' is required: the region of the resource.");
            return "";
        }
        String text = new Region(fields.text("location").orElse("")).name();
        if (fields.node().path("location").isString() && !LOCATION.matcher(text).matches()) {
            fields.problem("location", "'location' must be the name of a region, as in 'westeurope'.");
        }
        return text;
    }

    private static Map<String, String> tags(Fields fields) {
        Map<String, String> tags = fields.textMap("tags").orElse(Map.of());
        if (tags.size() > MAX_TAGS) {
            fields.problem("tags", "'tags' must have " + MAX_TAGS + " entries or fewer, not " + tags.size() + ".");
        }
        tags.forEach((name, value) -> {
            if (name.isBlank() || name.length() > 512 || value.length() > 256) {
                fields.problem(
                        "tags", "'tags' must have names of 1 to 512 characters and values of at most 256 characters.");
            }
        });
        return tags;
    }

    /** The body without nulls, without secrets and without what is the server's to say. */
    public static ObjectNode document(ObjectNode body) {
        ObjectNode document = MergePatch.withoutNulls(body);
        removeSecrets(document);
        for (String name : new String[] {"id", "name", "type", "location", "tags", "etag", "systemData"}) {
            document.remove(name);
        }
        if (document.get("properties") instanceof ObjectNode properties) {
            properties.remove("provisioningState");
        }
        return document;
    }

    /** Secrets that Azure takes and never gives back; wherever a field of such a name stands, it is not stored. */
    private static void removeSecrets(JsonNode node) {
        if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>(object.propertyNames());
            // The password of an automatic logon is in the text of this setting.
            boolean setting = names.stream().anyMatch("settingName"::equalsIgnoreCase);
            for (String name : names) {
                if (SECRETS.contains(name.toLowerCase(Locale.ROOT)) || (setting && name.equalsIgnoreCase("content"))) {
                    object.remove(name);
                }
            }
        }
        node.forEach(ResourceBody::removeSecrets);
    }

    /** The resource's document, in the spelling of its shape, with its head laid over it. */
    public static ObjectNode render(Resource resource, Shape shape) {
        ObjectNode document = shape.restored(Json.parseObject(resource.document()));
        ArmId id = resource.id();
        ObjectNode out = Json.object()
                .put("id", id.toString())
                .put("name", id.name())
                .put("type", id.type())
                .put("location", resource.location());
        ObjectNode tags = Json.object();
        new TreeMap<>(resource.tags()).forEach(tags::put);
        out.set("tags", tags);
        document.properties().forEach(e -> out.set(e.getKey(), e.getValue()));
        properties(out).put("provisioningState", resource.state().wire());
        return out;
    }

    /** The object under {@code properties}, made where it is missing. */
    public static ObjectNode properties(ObjectNode body) {
        return object(body, "properties");
    }

    /** The object of that name, made where it is missing or is something else. */
    public static ObjectNode object(ObjectNode parent, String name) {
        return parent.get(name) instanceof ObjectNode present ? present : parent.putObject(name);
    }
}
