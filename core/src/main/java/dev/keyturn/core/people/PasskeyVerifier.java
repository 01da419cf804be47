package dev.keyturn.core.people;

import java.util.Optional;

/**
 * Checks what authenticators say, as WebAuthn (Level 3, sections 7.1 and 7.2) wants it of a relying party: the kind of
 * answer, the challenge, the exact origin, the relying party, that a person was there and was verified, the signature. It
 * keeps nothing, and does not judge the counter. Thread-safe.
 */
public interface PasskeyVerifier {
    /** The host that passkeys are bound to. */
    String relyingParty();

    /** Where browsers may use them: {@code https://HOST[:PORT]}. */
    String origin();

    /** A passkey that has just been made; empty where anything is wrong with the answer. */
    Optional<Added> made(PasskeyAnswer.Made answer);

    /** The key as it is after this signature; empty where anything is wrong with the answer. */
    Optional<PasskeyKey> signed(PasskeyAnswer.Signed answer, PasskeyKey key);

    /** {@code id} is base64url without padding. */
    record Added(String id, PasskeyKey key) {}
}
