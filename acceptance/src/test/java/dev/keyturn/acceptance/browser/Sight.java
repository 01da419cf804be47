package dev.keyturn.acceptance.browser;

import java.util.function.Consumer;

/**
 * A page as it can be looked at.
 *
 * @param pattern its address in the table of docs/permissions.md
 * @param name its own among all sights; fit for a file
 * @param who is signed in; empty for a stranger
 * @param go leads there
 */
record Sight(String pattern, String name, String who, Consumer<Visit> go) {
    /** A page that is there at an address. */
    static Sight at(String pattern, String name, String who, String path) {
        return new Sight(pattern, name, who, v -> v.open(path));
    }
}
