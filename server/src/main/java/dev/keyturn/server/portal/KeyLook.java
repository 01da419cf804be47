package dev.keyturn.server.portal;

import dev.keyturn.core.model.KeyId;

/**
 * How a key version looks wherever it appears: its key and the first characters of its version, and a colour of its own,
 * the same on every page.
 *
 * @param hue from 0 to 11: a class of the style
 */
public record KeyLook(String vault, String name, String version, String url, int hue) {
    private static final int HUES = 12;
    private static final int SHOWN = 4;

    static KeyLook of(KeyId key) {
        return new KeyLook(
                key.vault(),
                key.name(),
                key.version().substring(0, Math.min(SHOWN, key.version().length())),
                key.url(),
                Math.floorMod(key.reference().hashCode(), HUES));
    }

    public String label() {
        return name + " · " + version;
    }
}
