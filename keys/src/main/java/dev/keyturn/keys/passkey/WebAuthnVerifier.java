package dev.keyturn.keys.passkey;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecord;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.AuthenticationRequest;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.RegistrationRequest;
import com.webauthn4j.data.attestation.authenticator.AAGUID;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.authenticator.AuthenticatorData;
import com.webauthn4j.data.attestation.authenticator.COSEKey;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.util.exception.WebAuthnException;
import dev.keyturn.core.people.PasskeyAnswer;
import dev.keyturn.core.people.PasskeyKey;
import dev.keyturn.core.people.PasskeyVerifier;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Checks passkeys with WebAuthn4J. Any authenticator will do: where it comes from is not asked (attestation "none"), but
 * a person was always verified by it. Thread-safe.
 */
public final class WebAuthnVerifier implements PasskeyVerifier {
    private static final Logger LOG = LoggerFactory.getLogger(WebAuthnVerifier.class);
    private static final boolean VERIFIED = true;
    private static final boolean PRESENT = true;
    /** An RSA key of 4096 bits has 526 bytes with an exponent as they all have: no larger one is computed with. */
    private static final int LARGEST_KEY = 600;

    /** As the script of the portal asks for them. */
    private static final List<PublicKeyCredentialParameters> ALGORITHMS = List.of(
            algorithm(COSEAlgorithmIdentifier.ES256),
            algorithm(COSEAlgorithmIdentifier.EdDSA),
            algorithm(COSEAlgorithmIdentifier.RS256));

    private final ObjectConverter converter = new ObjectConverter();
    private final WebAuthnManager manager = WebAuthnManager.createNonStrictWebAuthnManager(converter);
    private final String origin;
    private final String host;

    /** @param origin {@code https://HOST[:PORT]}, as a browser has it */
    public WebAuthnVerifier(String origin) {
        this.origin = origin;
        this.host = URI.create(origin).getHost();
        // what a counter means is the caller's to judge, who records it
        manager.getAuthenticationDataVerifier().setMaliciousCounterValueHandler(_ -> {});
    }

    private static PublicKeyCredentialParameters algorithm(COSEAlgorithmIdentifier id) {
        return new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, id);
    }

    @Override
    public String relyingParty() {
        return host;
    }

    @Override
    public String origin() {
        return origin;
    }

    @Override
    public Optional<Added> made(PasskeyAnswer.Made answer) {
        return checked(() -> {
            var data = manager.verify(
                    new RegistrationRequest(answer.attestation(), answer.clientData()),
                    new RegistrationParameters(server(answer), ALGORITHMS, VERIFIED, PRESENT));
            AuthenticatorData<?> said = data.getAttestationObject().getAuthenticatorData();
            AttestedCredentialData made = said.getAttestedCredentialData();
            byte[] key = converter.getCborMapper().writeValueAsBytes(made.getCOSEKey());
            if (key.length > LARGEST_KEY) {
                throw new WebAuthnException("a public key of " + key.length + " bytes");
            }
            return new Added(
                    Base64.getUrlEncoder().withoutPadding().encodeToString(made.getCredentialId()),
                    new PasskeyKey(key, said.getSignCount(), said.isFlagBE(), said.isFlagBS()));
        });
    }

    @Override
    public Optional<PasskeyKey> signed(PasskeyAnswer.Signed answer, PasskeyKey key) {
        return checked(() -> {
            byte[] id = Base64.getUrlDecoder().decode(answer.credential());
            var data = manager.verify(
                    new AuthenticationRequest(id, answer.authenticatorData(), answer.clientData(), answer.signature()),
                    new AuthenticationParameters(server(answer), record(id, key), List.of(id), VERIFIED, PRESENT));
            AuthenticatorData<?> said = data.getAuthenticatorData();
            return key.after(said.getSignCount(), said.isFlagBS());
        });
    }

    private ServerProperty server(PasskeyAnswer answer) {
        return ServerProperty.builder()
                .origin(new Origin(origin))
                .rpId(host)
                .challenge(new DefaultChallenge(Base64.getUrlDecoder().decode(answer.challenge())))
                .build();
    }

    private CredentialRecord record(byte[] id, PasskeyKey key) {
        COSEKey cose = converter.getCborMapper().readValue(key.publicKey(), COSEKey.class);
        return new CredentialRecordImpl(
                new NoneAttestationStatement(),
                VERIFIED,
                key.canBeBackedUp(),
                key.backedUp(),
                key.count(),
                new AttestedCredentialData(AAGUID.ZERO, id, cose),
                null,
                null,
                null,
                Set.of());
    }

    /** Whatever a browser sends is answered with no; that it is none of these is a bug. */
    private static <T> Optional<T> checked(Supplier<T> check) {
        try {
            return Optional.of(check.get());
        } catch (WebAuthnException | JacksonException | IllegalArgumentException e) {
            LOG.debug("a passkey's answer is not taken: {}", e.getMessage());
            return Optional.empty();
        }
    }
}
