package dev.keyturn.server.arm;

import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON merge patch (RFC 7396), which is how ARM's PATCH treats nulls and absent fields. */
public final class MergePatch {
    private MergePatch() {}

    /**
     * A new tree; a null in the patch takes the field away, arrays are replaced whole. Names are compared without case,
     * so that no object ends with one field in two spellings; the spelling that is there stays.
     */
    public static ObjectNode apply(ObjectNode target, ObjectNode patch) {
        ObjectNode out = target.deepCopy();
        Map<String, String> spellings = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        out.propertyNames().forEach(name -> spellings.put(name, name));
        patch.properties().forEach(e -> {
            JsonNode value = e.getValue();
            String name = spellings.getOrDefault(e.getKey(), e.getKey());
            if (value.isNull()) {
                out.remove(name);
            } else if (value instanceof ObjectNode nested) {
                ObjectNode base = out.get(name) instanceof ObjectNode present ? present : nested.objectNode();
                out.set(name, apply(base, nested));
            } else {
                out.set(name, value);
            }
        });
        return out;
    }

    /** Takes fields that are null out, at every depth: in a PUT they mean the same as absent. */
    public static ObjectNode withoutNulls(ObjectNode tree) {
        ObjectNode copy = tree.deepCopy();
        strip(copy);
        return copy;
    }

    private static void strip(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (String name : new ArrayList<>(object.propertyNames())) {
                if (object.get(name).isNull()) {
                    object.remove(name);
                }
            }
        }
        node.forEach(MergePatch::strip);
    }
}
