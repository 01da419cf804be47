package dev.keyturn.core.keycrypto;

import java.util.Arrays;
import java.util.Optional;

/** The algorithms of encrypt/decrypt and wrapKey/unwrapKey, by their JWA names. */
public enum CipherAlgorithm {
    RSA1_5("RSA1_5", Family.RSA, 0),
    RSA_OAEP("RSA-OAEP", Family.RSA, 0),
    RSA_OAEP_256("RSA-OAEP-256", Family.RSA, 0),
    A128KW("A128KW", Family.AES_KW, 128),
    A192KW("A192KW", Family.AES_KW, 192),
    A256KW("A256KW", Family.AES_KW, 256),
    A128GCM("A128GCM", Family.AES_GCM, 128),
    A192GCM("A192GCM", Family.AES_GCM, 192),
    A256GCM("A256GCM", Family.AES_GCM, 256),
    A128CBC("A128CBC", Family.AES_CBC, 128),
    A192CBC("A192CBC", Family.AES_CBC, 192),
    A256CBC("A256CBC", Family.AES_CBC, 256),
    A128CBCPAD("A128CBCPAD", Family.AES_CBC_PAD, 128),
    A192CBCPAD("A192CBCPAD", Family.AES_CBC_PAD, 192),
    A256CBCPAD("A256CBCPAD", Family.AES_CBC_PAD, 256);

    /** What kind of cipher it is. */
    public enum Family {
        RSA,
        /** RFC 3394; wraps keys only. */
        AES_KW,
        AES_GCM,
        AES_CBC,
        AES_CBC_PAD
    }

    private final String wire;
    private final Family family;
    private final int bits;

    CipherAlgorithm(String wire, Family family, int bits) {
        this.wire = wire;
        this.family = family;
        this.bits = bits;
    }

    public static Optional<CipherAlgorithm> named(String wire) {
        return Arrays.stream(values())
                .filter(a -> a.wire.equalsIgnoreCase(wire))
                .findFirst();
    }

    /** Whether a key of the kind can be used with it: the family, and for AES the size, must be the same. */
    public boolean fits(KeySpec spec) {
        return switch (spec) {
            case KeySpec.Rsa _ -> family == Family.RSA;
            case KeySpec.Ec _ -> false;
            case KeySpec.Oct oct -> bits == oct.bits();
        };
    }

    public String wire() {
        return wire;
    }

    public Family family() {
        return family;
    }
}
