package dev.keyturn.server.keyvault;

import dev.keyturn.json.BadBodyException;
import dev.keyturn.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The grammar of release policies: {@code version}, and {@code anyOf} or {@code allOf} of authorities, each with
 * {@code anyOf} or {@code allOf} of conditions on claims (Azure Key Vault's policy grammar; a managed HSM's has
 * {@code allOf} at the top as well). A policy that does not say what it means would release to nobody, or to whom it
 * was not meant for.
 */
final class ReleasePolicyShape {
    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_DEPTH = 16;
    private static final Pattern VERSION = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){1,2}");
    private static final Set<String> LISTS = Set.of("anyof", "allof");
    private static final Set<String> OPERATORS =
            Set.of("equals", "notequals", "less", "lessorequals", "greater", "greaterorequals", "exists");

    /** Ends the walk at the first thing that is wrong. */
    private static final class WrongException extends Exception {
        WrongException(String what) {
            super(what);
        }
    }

    private ReleasePolicyShape() {}

    /** What is wrong with the policy, in a sentence; empty where it is right. */
    static Optional<String> problem(byte[] data) {
        if (data.length > MAX_BYTES) {
            return Optional.of("'release_policy.data' must have at most 64 KiB.");
        }
        try {
            policy(Json.parseObject(data));
            return Optional.empty();
        } catch (BadBodyException e) {
            return Optional.of("'release_policy.data' must be base64url of a JSON object.");
        } catch (WrongException e) {
            return Optional.of("'release_policy.data' is no release policy: " + e.getMessage()
                    + " Right is {\"version\":\"1.0.0\",\"anyOf\":[{\"authority\":\"https://...\",\"allOf\":"
                    + "[{\"claim\":\"...\",\"equals\":\"...\"}]}]}.");
        }
    }

    private static void policy(ObjectNode policy) throws WrongException {
        Map<String, JsonNode> fields = fields(policy, "the policy");
        JsonNode version = fields.remove("version");
        if (version == null || !VERSION.matcher(version.asString("")).matches()) {
            throw new WrongException("it needs a 'version' such as \"1.0.0\".");
        }
        int i = 0;
        for (JsonNode authority : list(fields, "the policy")) {
            authority(authority, "authority " + ++i);
        }
    }

    private static void authority(JsonNode node, String where) throws WrongException {
        Map<String, JsonNode> fields = fields(node, where);
        JsonNode name = fields.remove("authority");
        if (name == null || !name.asString("").toLowerCase(Locale.ROOT).startsWith("https://")) {
            throw new WrongException(where + " needs 'authority', an https address.");
        }
        conditions(list(fields, where), where, 1);
    }

    private static void conditions(List<JsonNode> conditions, String where, int depth) throws WrongException {
        if (depth > MAX_DEPTH) {
            throw new WrongException("conditions of " + where + " are more than " + MAX_DEPTH + " deep.");
        }
        for (JsonNode node : conditions) {
            Map<String, JsonNode> fields = fields(node, "a condition of " + where);
            JsonNode claim = fields.remove("claim");
            if (claim == null) {
                conditions(list(fields, "a condition of " + where), where, depth + 1);
                continue;
            }
            boolean one = fields.size() == 1 && OPERATORS.containsAll(fields.keySet());
            if (!claim.isString() || claim.asString().isBlank() || !one) {
                throw new WrongException("a condition of " + where + " has 'claim' and one of equals, notEquals, less,"
                        + " lessOrEquals, greater, greaterOrEquals, exists.");
            }
            if (!fields.values().iterator().next().isValueNode()) {
                throw new WrongException("a claim of " + where + " is compared with a text, a number, true or false.");
            }
        }
    }

    /** The one list that is left of the fields, with at least one element. */
    private static List<JsonNode> list(Map<String, JsonNode> fields, String where) throws WrongException {
        boolean one = fields.size() == 1 && LISTS.containsAll(fields.keySet());
        if (!one || !(fields.values().iterator().next() instanceof ArrayNode array) || array.isEmpty()) {
            throw new WrongException(where + " has one list, 'anyOf' or 'allOf', with something in it, and nothing"
                    + " that is unknown.");
        }
        return array.valueStream().toList();
    }

    /** By lower-case name: Azure's grammar and its examples differ in case. */
    private static Map<String, JsonNode> fields(JsonNode node, String where) throws WrongException {
        if (!(node instanceof ObjectNode object)) {
            throw new WrongException(where + " must be an object.");
        }
        Map<String, JsonNode> out = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (out.put(field.getKey().toLowerCase(Locale.ROOT), field.getValue()) != null) {
                throw new WrongException(where + " has '" + Text.clip(field.getKey()) + "' twice.");
            }
        }
        return out;
    }
}
