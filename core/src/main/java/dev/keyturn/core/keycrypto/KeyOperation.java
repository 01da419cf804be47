package dev.keyturn.core.keycrypto;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What a key may be used for: Azure's {@code key_ops}. */
public enum KeyOperation {
    ENCRYPT("encrypt"),
    DECRYPT("decrypt"),
    SIGN("sign"),
    VERIFY("verify"),
    WRAP_KEY("wrapKey"),
    UNWRAP_KEY("unwrapKey"),
    IMPORT("import"),
    EXPORT("export");

    private final String wire;

    KeyOperation(String wire) {
        this.wire = wire;
    }

    public static Optional<KeyOperation> named(String wire) {
        return Arrays.stream(values())
                .filter(o -> o.wire.equalsIgnoreCase(wire))
                .findFirst();
    }

    /** Those that a key of the kind can do at all. */
    public static Set<KeyOperation> possible(KeySpec spec) {
        return switch (spec) {
            case KeySpec.Rsa _ -> EnumSet.complementOf(EnumSet.of(EXPORT));
            case KeySpec.Ec _ -> EnumSet.of(SIGN, VERIFY, IMPORT);
            case KeySpec.Oct _ -> EnumSet.of(ENCRYPT, DECRYPT, WRAP_KEY, UNWRAP_KEY, IMPORT);
        };
    }

    /** Those of a key for which none were asked for. */
    public static Set<KeyOperation> usual(KeySpec spec) {
        Set<KeyOperation> all = EnumSet.copyOf(possible(spec));
        all.remove(IMPORT);
        return all;
    }

    /** One word per operation for the store, comma between. */
    public static String text(Collection<KeyOperation> operations) {
        return String.join(
                ",", operations.stream().sorted().map(KeyOperation::wire).toList());
    }

    /** What {@link #text} wrote. */
    public static Set<KeyOperation> parse(String text) {
        EnumSet<KeyOperation> all = EnumSet.noneOf(KeyOperation.class);
        for (String word : text.split(",")) {
            if (!word.isEmpty()) {
                all.add(named(word).orElseThrow());
            }
        }
        return all;
    }

    public String wire() {
        return wire;
    }
}
