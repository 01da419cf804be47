package dev.keyturn.server.portal.frame;

import dev.keyturn.core.model.Guid;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names in few characters. A GUID, which tells a person nothing, is shortened in the middle, also among words; of a path the last two parts
 * are kept, which say what it is and how it is called. Any other name stays as it is.
 */
public final class Brief {
    private static final int BEFORE = 8;
    private static final int AFTER = 4;
    private static final int PARTS = 2;
    private static final Pattern GUID =
            Pattern.compile("(?<![\\w-])[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![\\w-])");
    private static final Pattern SLASH = Pattern.compile("/");

    private Brief() {}

    /** Whether {@link #of} leaves something out; the whole is then to be had beside it. */
    public static boolean cut(String name) {
        return !of(name).equals(name);
    }

    public static String of(String name) {
        if (!name.startsWith("/")) {
            return GUID.matcher(name).replaceAll(m -> guid(m.group()));
        }
        if (name.length() == 1) {
            return name;
        }
        long parts = SLASH.splitAsStream(name).count();
        return SLASH.splitAsStream(name)
                .skip(Math.max(1, parts - PARTS))
                .map(Brief::guid)
                .collect(Collectors.joining("/"));
    }

    private static String guid(String part) {
        return Guid.parse(part).isPresent()
                ? part.substring(0, BEFORE) + "…" + part.substring(part.length() - AFTER)
                : part;
    }
}
