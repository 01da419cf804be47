package dev.keyturn.core.keycrypto;

/** What of a key everyone may see. Numbers are unsigned and big-endian. */
public sealed interface PublicPart {
    /** Modulus and exponent without leading zero bytes. */
    record Rsa(byte[] n, byte[] e) implements PublicPart {}

    /** A point; both coordinates have the length of the curve's field. */
    record Ec(Curve curve, byte[] x, byte[] y) implements PublicPart {}

    /** A symmetric key shows nothing. */
    record None() implements PublicPart {}
}
