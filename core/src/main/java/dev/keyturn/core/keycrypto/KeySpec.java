package dev.keyturn.core.keycrypto;

/**
 * What kind of key it is. {@code hsm} tells a key that lives in hardware by its type ({@code RSA-HSM}); the software
 * backend takes those too and keeps them the same way.
 */
public sealed interface KeySpec {
    /** Azure's {@code kty}. */
    String type();

    /** The size in bits; of a curve, its field's. */
    int bits();

    boolean hsm();

    /** 2048, 3072 or 4096 bits. */
    record Rsa(int bits, boolean hsm) implements KeySpec {
        /** The public exponent of a key for which none was asked for, and of every key that a vault makes. */
        public static final long USUAL_EXPONENT = 65_537;

        public Rsa {
            if (bits != 2048 && bits != 3072 && bits != 4096) {
                throw new IllegalArgumentException("RSA of " + bits + " bits");
            }
        }

        @Override
        public String type() {
            return hsm ? "RSA-HSM" : "RSA";
        }
    }

    record Ec(Curve curve, boolean hsm) implements KeySpec {
        @Override
        public String type() {
            return hsm ? "EC-HSM" : "EC";
        }

        @Override
        public int bits() {
            return curve.bits();
        }
    }

    /** A symmetric key of 128, 192 or 256 bits; in a managed HSM only. */
    record Oct(int bits) implements KeySpec {
        public Oct {
            if (bits != 128 && bits != 192 && bits != 256) {
                throw new IllegalArgumentException("oct-HSM of " + bits + " bits");
            }
        }

        @Override
        public String type() {
            return "oct-HSM";
        }

        @Override
        public boolean hsm() {
            return true;
        }
    }

    /** The spec in the form {@link #text()} wrote. */
    static KeySpec parse(String text) {
        String[] parts = text.split("/");
        return switch (parts[0]) {
            case "RSA" -> new Rsa(Integer.parseInt(parts[1]), false);
            case "RSA-HSM" -> new Rsa(Integer.parseInt(parts[1]), true);
            case "EC" -> new Ec(Curve.named(parts[1]).orElseThrow(), false);
            case "EC-HSM" -> new Ec(Curve.named(parts[1]).orElseThrow(), true);
            case "oct-HSM" -> new Oct(Integer.parseInt(parts[1]));
            default -> throw new IllegalArgumentException("no key spec: " + text);
        };
    }

    /** One word for the store: {@code RSA-HSM/3072}, {@code EC/P-256}. */
    default String text() {
        return type() + "/" + (this instanceof Ec ec ? ec.curve().wire() : Integer.toString(bits()));
    }
}
