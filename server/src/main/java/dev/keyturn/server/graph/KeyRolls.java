package dev.keyturn.server.graph;

import dev.keyturn.core.directory.Directory;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.ClientCertificate;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.Principals;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.Guid;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Shape;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.identity.ProofOfPossession;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code addKey} and {@code removeKey} of Microsoft Graph: a service principal rolls its own certificates, by a proof that
 * it holds the private key of one of them.
 */
final class KeyRolls {
    private static final String KEY = "keyCredential";
    private static final Shape ADDITION = Certificates.shape(Shape.data().text("proof"), KEY + ".")
            .any("passwordCredential")
            .build();
    private static final Shape REMOVAL = Shape.data().text("keyId", "proof").build();

    private final Directory directory;
    private final Certificates certificates;
    private final ProofOfPossession proofs;

    KeyRolls(Principals principals, Directory directory, Clock clock) {
        this.directory = directory;
        this.certificates = new Certificates(clock);
        this.proofs = new ProofOfPossession(principals, clock);
    }

    Response add(Call call, Principal owner, Request request) {
        Fields body = Fields.of(request.json(), ADDITION);
        String proof = body.requiredText("proof");
        if (!body.has(KEY)) {
            body.problem(KEY, "'" + KEY + "' is required.");
        }
        if (body.has("passwordCredential")) {
            body.problem(
                    "passwordCredential",
                    "'passwordCredential' must be null: it is the password of a private key, and no private key is taken"
                            + " here. A secret is made by POST .../addPassword.");
        }
        Optional<ClientCertificate> given = body.object(KEY)
                .flatMap(entry -> certificates.read(entry, List.of()))
                .map(c -> c.apply(owner.id()));
        body.done();
        requireProof(owner, proof);
        ClientCertificate made = directory.addCertificate(call, given.orElseThrow());
        return Response.ok(PrincipalView.key(made));
    }

    Response remove(Call call, Principal owner, Request request) {
        Fields body = Fields.of(request.json(), REMOVAL);
        String text = body.requiredText("keyId");
        String proof = body.requiredText("proof");
        Optional<UUID> keyId = Guid.parse(text);
        if (!text.isBlank() && keyId.isEmpty()) {
            body.problem("keyId", "'keyId' must be the GUID of a certificate.");
        }
        body.done();
        requireProof(owner, proof);
        directory.removeCertificate(call, owner.id(), keyId.orElseThrow());
        return Response.empty(204);
    }

    /** Azure's code and status, with a text that says more than Azure's "Access Token missing or malformed". */
    private void requireProof(Principal owner, String proof) {
        if (!proofs.proves(owner, proof)) {
            throw new DomainError.Unauthenticated(
                            ErrorInfo.at("proof", "Authentication_MissingOrMalformed", ProofOfPossession.demand(owner)))
                    .asException();
        }
    }
}
