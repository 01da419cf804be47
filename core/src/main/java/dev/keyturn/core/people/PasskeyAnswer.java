package dev.keyturn.core.people;

import java.util.List;

/** What a browser brings back from an authenticator; nothing of it has been looked at. */
public sealed interface PasskeyAnswer {
    /** The challenge that it says it answers. */
    String challenge();

    /** Of a new passkey. */
    record Made(String challenge, byte[] clientData, byte[] attestation, List<String> transports)
            implements PasskeyAnswer {
        public Made {
            transports = List.copyOf(transports);
        }
    }

    /** Of one that exists; {@code handle} is whose the authenticator takes it to be, empty where it does not say. */
    record Signed(
            String challenge,
            String credential,
            byte[] clientData,
            byte[] authenticatorData,
            byte[] signature,
            byte[] handle)
            implements PasskeyAnswer {}
}
