package dev.keyturn.keys.software;

/**
 * What one principal may have in a {@link SoftwareKeyBackend} at once, and what is there for principals to come.
 *
 * @param generations how many RSA keys of one principal may be in the making or waiting for it
 * @param uses how many private operations of one principal may be under way or waiting
 * @param ready how many RSA keys of each size are made in advance; zero for none
 */
public record Bounds(int generations, int uses, int ready) {
    static final Bounds USUAL = new Bounds(16, 256, 0);
}
