package dev.keyturn.server.arm;

import java.util.ArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON merge patch (RFC 7396), which is how ARM's PATCH treats nulls and absent fields. */
public final class MergePatch {
    private MergePatch() {}

    /** A new tree; a null in the patch takes the field away, arrays are replaced whole. */
    public static ObjectNode apply(ObjectNode target, ObjectNode patch) {
        ObjectNode out = target.deepCopy();
        patch.properties().forEach(e -> {
            JsonNode value = e.getValue();
            if (value.isNull()) {
                out.remove(e.getKey());
            } else if (value instanceof ObjectNode nested) {
                ObjectNode base = out.get(e.getKey()) instanceof ObjectNode present ? present : nested.objectNode();
                out.set(e.getKey(), apply(base, nested));
            } else {
                out.set(e.getKey(), value);
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
