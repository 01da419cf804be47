package dev.keyturn.core.disk;

import java.util.Locale;

/**
 * Which disks are looked for: all conditions hold at once. Immutable.
 *
 * @param text what is somewhere in the name, in any case; empty asks for nothing
 * @param free only those that no VM has
 */
public record DiskFilter(String text, boolean free) {
    public DiskFilter {
        text = text.strip().toLowerCase(Locale.ROOT);
    }
}
