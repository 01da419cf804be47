package dev.keyturn.core.keycrypto;

import java.util.Arrays;
import java.util.Optional;

/** The algorithms of sign/verify, by their JWA names (RFC 7518, RFC 8812). */
public enum SignAlgorithm {
    PS256("PS256", 32, Optional.empty()),
    PS384("PS384", 48, Optional.empty()),
    PS512("PS512", 64, Optional.empty()),
    RS256("RS256", 32, Optional.empty()),
    RS384("RS384", 48, Optional.empty()),
    RS512("RS512", 64, Optional.empty()),
    ES256("ES256", 32, Optional.of(Curve.P256)),
    ES384("ES384", 48, Optional.of(Curve.P384)),
    ES512("ES512", 64, Optional.of(Curve.P521)),
    ES256K("ES256K", 32, Optional.of(Curve.P256K));

    private final String wire;
    private final int digestBytes;
    private final Optional<Curve> curve;

    SignAlgorithm(String wire, int digestBytes, Optional<Curve> curve) {
        this.wire = wire;
        this.digestBytes = digestBytes;
        this.curve = curve;
    }

    public static Optional<SignAlgorithm> named(String wire) {
        return Arrays.stream(values())
                .filter(a -> a.wire.equalsIgnoreCase(wire))
                .findFirst();
    }

    public boolean fits(KeySpec spec) {
        return switch (spec) {
            case KeySpec.Rsa _ -> curve.isEmpty();
            case KeySpec.Ec ec -> curve.equals(Optional.of(ec.curve()));
            case KeySpec.Oct _ -> false;
        };
    }

    public String wire() {
        return wire;
    }

    /** The length of the digest that is signed. */
    public int digestBytes() {
        return digestBytes;
    }

    /** The SHA-2 function the digest was made with, by its standard name. */
    public String digest() {
        return "SHA-" + digestBytes * 8;
    }

    /** RSASSA-PSS, not PKCS#1 v1.5. */
    public boolean pss() {
        return wire.startsWith("PS");
    }
}
