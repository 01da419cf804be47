package dev.keyturn.server.arm;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.json.Fields;
import java.util.Optional;

/** Ids of other resources in bodies. */
public final class ResourceIds {
    private ResourceIds() {}

    /** The resource id in a field. What is none is a problem of the body, which says what is wrong with it. */
    public static Optional<ArmId> read(Fields in, String name) {
        Optional<String> text = in.text(name);
        Optional<ArmId> id = text.flatMap(ArmId::parseHead);
        if (text.isPresent() && id.isEmpty()) {
            String full = in.path().isEmpty() ? name : in.path() + "." + name;
            in.problem(
                    name,
                    "'" + full
                            + "' must be a resource id: /subscriptions/S/resourceGroups/G/providers/NAMESPACE/TYPE/NAME."
                            + why(text.get()));
        }
        return id;
    }

    /** A sentence with a space before it; nothing where the text is an id, but of another depth. */
    public static String why(String text) {
        return ArmId.problem(text)
                .map(problem -> " What was sent is no id: " + problem + ".")
                .orElse("");
    }
}
