package dev.keyturn.server.portal.frame;

import dev.keyturn.core.model.KeyId;

/**
 * How a key version looks wherever it appears: its key, the first characters of its version, and a colour that follows
 * from its id alone, so that it is the same on every page. There are twelve, each plain and
 * striped; the label tells apart what has the same one.
 *
 * @param href the page of its key
 * @param hue from 0 to 23, of which the second half is striped
 */
public record KeyLook(String vault, String name, String version, String url, String href, int hue) {
    private static final int HUES = 24;
    private static final int SHOWN = 4;

    public static KeyLook of(KeyId key) {
        return new KeyLook(
                key.vault(),
                key.name(),
                key.version().substring(0, Math.min(SHOWN, key.version().length())),
                key.url(),
                Links.vaultKey(key),
                Math.floorMod(key.reference().hashCode(), HUES));
    }

    /** The classes of the style. */
    public String look() {
        return striped() ? "key striped hue-" + hue : "key hue-" + hue;
    }

    public boolean striped() {
        return hue >= HUES / 2;
    }

    public String label() {
        return name + " · " + version;
    }
}
