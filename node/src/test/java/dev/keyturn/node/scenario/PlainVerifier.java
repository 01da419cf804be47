package dev.keyturn.node.scenario;

import dev.keyturn.core.people.PasskeyAnswer;
import dev.keyturn.core.people.PasskeyKey;
import dev.keyturn.core.people.PasskeyVerifier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** No cryptography: a signature is the public key, what is signed is the challenge. */
final class PlainVerifier implements PasskeyVerifier {
    @Override
    public String relyingParty() {
        return "localhost";
    }

    @Override
    public String origin() {
        return "https://localhost:8443";
    }

    /** What a browser brings of a device of this name. */
    static PasskeyAnswer.Made make(String device, String challenge) {
        return new PasskeyAnswer.Made(challenge, utf8(challenge), utf8(device), List.of("usb"));
    }

    static PasskeyAnswer.Signed sign(String device, String challenge, byte[] handle, long count) {
        byte[] counted = ByteBuffer.allocate(Long.BYTES).putLong(count).array();
        return new PasskeyAnswer.Signed(challenge, device, utf8(challenge), counted, utf8(device), handle);
    }

    @Override
    public Optional<Added> made(PasskeyAnswer.Made answer) {
        return Optional.of(new Added(
                        new String(answer.attestation(), StandardCharsets.UTF_8),
                        new PasskeyKey(answer.attestation(), 0, true, false)))
                .filter(_ -> signs(answer.clientData(), answer.challenge()));
    }

    @Override
    public Optional<PasskeyKey> signed(PasskeyAnswer.Signed answer, PasskeyKey key) {
        long count = ByteBuffer.wrap(answer.authenticatorData()).getLong();
        return Optional.of(key.after(count, true))
                .filter(_ -> signs(answer.clientData(), answer.challenge())
                        && Arrays.equals(answer.signature(), key.publicKey()));
    }

    private static boolean signs(byte[] clientData, String challenge) {
        return Arrays.equals(clientData, utf8(challenge));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
