package dev.keyturn.server.graph;

import dev.keyturn.core.identity.ClientCertificate;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Principals;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.identity.ClientAssertions;
import dev.keyturn.wire.Fields;
import dev.keyturn.wire.Shape;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Secrets taken away, and the certificates that a service principal signs in with ({@code keyCredentials}). */
final class Credentials {
    private static final Shape REMOVAL = Shape.data().text("keyId").build();
    private static final Shape CERTIFICATES = Shape.data()
            .text("keyCredentials[].key", "keyCredentials[].displayName")
            .build();

    private final Principals principals;
    private final Clock clock;

    Credentials(Principals principals, Clock clock) {
        this.principals = principals;
        this.clock = clock;
    }

    Response removeSecret(Principal owner, Request request) {
        Fields body = Fields.of(request.json(), REMOVAL);
        String text = body.requiredText("keyId");
        Optional<UUID> keyId = PrincipalId.parse(text).map(PrincipalId::value);
        if (!text.isBlank() && keyId.isEmpty()) {
            body.problem("keyId", "'keyId' must be the GUID of a secret.");
        }
        body.done();
        if (!principals.removeSecret(owner.id(), keyId.orElseThrow())) {
            throw new DomainError.Invalid(
                            ErrorInfo.at("keyId", "Request_BadRequest", "No password credential found with keyId."))
                    .asException();
        }
        return Response.empty(204);
    }

    /** As in Graph, the list that is sent replaces the one that was there. */
    Response replaceCertificates(Principal owner, Request request) {
        Fields body = Fields.of(request.json(), CERTIFICATES);
        if (!body.has("keyCredentials")) {
            body.problem("keyCredentials", "Only 'keyCredentials' can be changed here.");
        }
        List<ClientCertificate> certificates = new ArrayList<>();
        for (Fields entry : body.objects("keyCredentials")) {
            read(owner, entry).ifPresent(certificates::add);
        }
        body.done();
        principals.replaceCertificates(owner.id(), certificates);
        return Response.empty(204);
    }

    private Optional<ClientCertificate> read(Principal owner, Fields entry) {
        String key = entry.requiredText("key");
        String name = entry.text("displayName").orElse("");
        try {
            byte[] der = Base64.getDecoder().decode(key);
            String subject =
                    ClientAssertions.certificate(der).getSubjectX500Principal().getName();
            return Optional.of(new ClientCertificate(
                    UUID.randomUUID(), owner.id(), der, name.isBlank() ? subject : name, clock.instant()));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            entry.problem(
                    "key", "'key' must be a base64 X.509 certificate whose key is RSA of 2048 bits or more, or EC.");
            return Optional.empty();
        }
    }
}
