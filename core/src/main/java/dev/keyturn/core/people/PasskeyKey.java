package dev.keyturn.core.people;

/**
 * What a signature of a passkey is held against. Not to be changed after its making.
 *
 * @param publicKey a COSE_Key (RFC 9052), as the authenticator gave it
 * @param count how often it has signed, as far as is known; authenticators that do not count say 0
 * @param canBeBackedUp whether it may live on more than one device
 * @param backedUp whether it does
 */
public record PasskeyKey(byte[] publicKey, long count, boolean canBeBackedUp, boolean backedUp) {
    /** With what the authenticator says of itself today. */
    public PasskeyKey after(long newCount, boolean nowBackedUp) {
        return new PasskeyKey(publicKey, newCount, canBeBackedUp, nowBackedUp);
    }

    /** Whether a signature with this count can follow. One that cannot was made by a copy, or this one was (WebAuthn 7.2). */
    boolean precedes(long newCount) {
        return newCount > count || (newCount == 0 && count == 0);
    }
}
