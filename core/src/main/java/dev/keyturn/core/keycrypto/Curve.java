package dev.keyturn.core.keycrypto;

import java.util.Arrays;
import java.util.Optional;

/** The elliptic curves of Key Vault. */
public enum Curve {
    P256("P-256", "secp256r1", 256),
    P384("P-384", "secp384r1", 384),
    P521("P-521", "secp521r1", 521),
    P256K("P-256K", "secp256k1", 256);

    private final String wire;
    private final String standardName;
    private final int bits;

    Curve(String wire, String standardName, int bits) {
        this.wire = wire;
        this.standardName = standardName;
        this.bits = bits;
    }

    /** Azure's {@code crv}, in any case. */
    public static Optional<Curve> named(String wire) {
        return Arrays.stream(values())
                .filter(c -> c.wire.equalsIgnoreCase(wire))
                .findFirst();
    }

    public String wire() {
        return wire;
    }

    /** The SEC name. */
    public String standardName() {
        return standardName;
    }

    public int bits() {
        return bits;
    }

    /** The length of a coordinate, and of each half of a signature. */
    public int bytes() {
        return (bits + 7) / 8;
    }
}
