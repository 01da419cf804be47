package dev.keyturn.keys.passkey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.people.PasskeyAnswer;
import dev.keyturn.core.people.PasskeyKey;
import dev.keyturn.core.people.PasskeyVerifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What of an authenticator's answer is taken, and what is not. */
class WebAuthnVerifierTest {
    private static final String ORIGIN = "https://localhost:8443";
    private static final byte[] HANDLE = SoftAuthenticator.idOf(new UUID(1, 2));
    private static final String CHALLENGE = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private static final String OTHER = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA";

    private final PasskeyVerifier verifier = new WebAuthnVerifier(ORIGIN);
    private final SoftAuthenticator authenticator = new SoftAuthenticator(ORIGIN, "localhost");

    private PasskeyKey key() {
        return verifier.made(authenticator.make(CHALLENGE)).orElseThrow().key();
    }

    private Optional<PasskeyKey> sign(PasskeyKey key) {
        return verifier.signed(authenticator.sign(CHALLENGE, HANDLE), key);
    }

    @Test
    void aPasskey_isTaken_andItsSignatureIsKnownAgain() {
        PasskeyVerifier.Added made =
                verifier.made(authenticator.counting(7).make(CHALLENGE)).orElseThrow();
        assertThat(made.id()).isEqualTo(authenticator.id());
        assertThat(made.key().count()).isEqualTo(7);
        assertThat(made.key().canBeBackedUp()).isFalse();
        assertThat(sign(made.key()).orElseThrow().count()).isEqualTo(8);
        assertThat(verifier.relyingParty()).isEqualTo("localhost");
    }

    @Test
    void whoWasNotVerified_orIsElsewhere_makesAndSignsNothing() {
        PasskeyKey key = key();
        List<Function<SoftAuthenticator, SoftAuthenticator>> lies = List.of(
                a -> a.verifying(false),
                a -> a.at("https://localhost:8444"),
                a -> a.at("http://localhost:8443"),
                a -> a.at("https://a.localhost:8443"),
                a -> a.of("elsewhere.example"),
                SoftAuthenticator::inAFrame);
        for (int i = 0; i < lies.size(); i++) {
            SoftAuthenticator liar = lies.get(i).apply(new SoftAuthenticator(ORIGIN, "localhost"));
            assertThat(verifier.made(liar.make(CHALLENGE))).as("made, lie " + i).isEmpty();
            PasskeyAnswer.Signed signed = lies.get(i).apply(authenticator).sign(CHALLENGE, HANDLE);
            assertThat(verifier.signed(signed, key)).as("signed, lie " + i).isEmpty();
            authenticator.at(ORIGIN).of("localhost").verifying(true);
        }
    }

    @Test
    void theAnswerToAnotherChallenge_isNotTaken() {
        PasskeyKey key = key();
        PasskeyAnswer.Signed signed = authenticator.sign(OTHER, HANDLE);
        PasskeyAnswer.Made made = authenticator.make(OTHER);
        assertThat(verifier.signed(
                        new PasskeyAnswer.Signed(
                                CHALLENGE,
                                signed.credential(),
                                signed.clientData(),
                                signed.authenticatorData(),
                                signed.signature(),
                                signed.handle()),
                        key))
                .isEmpty();
        assertThat(verifier.made(new PasskeyAnswer.Made(CHALLENGE, made.clientData(), made.attestation(), List.of())))
                .isEmpty();
    }

    @Test
    void theSignatureOfAnotherKey_orOneThatWasChanged_isNotTaken() {
        PasskeyKey key = key();
        SoftAuthenticator other = new SoftAuthenticator(ORIGIN, "localhost");
        assertThat(verifier.signed(other.sign(CHALLENGE, HANDLE), key)).isEmpty();
        PasskeyAnswer.Signed right = authenticator.sign(CHALLENGE, HANDLE);
        byte[] changed = right.authenticatorData().clone();
        changed[changed.length - 1] ^= 1;
        assertThat(verifier.signed(
                        new PasskeyAnswer.Signed(
                                CHALLENGE, right.credential(), right.clientData(), changed, right.signature(), HANDLE),
                        key))
                .isEmpty();
    }

    @Test
    void theAnswerOfAMaking_isNoSignature() {
        PasskeyAnswer.Made made = authenticator.make(CHALLENGE);
        PasskeyAnswer.Signed signed = authenticator.sign(CHALLENGE, HANDLE);
        assertThat(verifier.signed(
                        new PasskeyAnswer.Signed(
                                CHALLENGE,
                                signed.credential(),
                                made.clientData(),
                                signed.authenticatorData(),
                                signed.signature(),
                                HANDLE),
                        key()))
                .isEmpty();
    }

    @Test
    void whateverBytesCome_areAnsweredWithNo() {
        PasskeyKey key = key();
        PasskeyAnswer.Made made = authenticator.make(CHALLENGE);
        PasskeyAnswer.Signed signed = authenticator.sign(CHALLENGE, HANDLE);
        Random random = new Random(4);
        for (int i = 0; i < 300; i++) {
            byte[] attestation = broken(made.attestation(), random);
            byte[] client = i % 3 == 0 ? broken(made.clientData(), random) : made.clientData();
            // a changed byte of the nonce-like parts may leave it whole: it must not throw, that is all
            assertThat(verifier.made(new PasskeyAnswer.Made(CHALLENGE, client, attestation, List.of("x"))))
                    .isNotNull();
            assertThat(verifier.signed(
                            new PasskeyAnswer.Signed(
                                    CHALLENGE,
                                    signed.credential(),
                                    signed.clientData(),
                                    broken(signed.authenticatorData(), random),
                                    signed.signature(),
                                    HANDLE),
                            key))
                    .isEmpty();
        }
        byte[] deep = "[".repeat(6000).getBytes(StandardCharsets.UTF_8);
        assertThat(verifier.made(new PasskeyAnswer.Made(CHALLENGE, deep, made.attestation(), List.of())))
                .isEmpty();
        assertThat(verifier.made(new PasskeyAnswer.Made("%", made.clientData(), made.attestation(), List.of())))
                .isEmpty();
        assertThat(verifier.made(new PasskeyAnswer.Made(CHALLENGE, new byte[0], new byte[0], List.of())))
                .isEmpty();
    }

    private static byte[] broken(byte[] whole, Random random) {
        byte[] copy = Arrays.copyOf(whole, random.nextBoolean() ? whole.length : random.nextInt(whole.length));
        if (copy.length > 0) {
            copy[random.nextInt(copy.length)] ^= (byte) (1 + random.nextInt(255));
        }
        return copy;
    }
}
