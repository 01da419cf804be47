package dev.keyturn.server.graph;

import dev.keyturn.core.identity.ClientCertificate;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Shape;
import dev.keyturn.server.identity.ClientAssertions;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** The {@code keyCredential} of Microsoft Graph: a certificate that somebody hands in for a service principal. */
record Certificates(Clock clock) {
    static final String TYPE = "AsymmetricX509Cert";
    static final String USAGE = "Verify";

    /** What an entry may say; clients send back what they were shown. */
    static Shape.Builder shape(Shape.Builder shape, String at) {
        return shape.text(at + "key", at + "keyId", at + "displayName", at + "type", at + "usage")
                .any(at + "customKeyIdentifier", at + "startDateTime", at + "endDateTime");
    }

    /**
     * The certificate of an entry, once it is known whose it is; empty where the entry is wrong, which is noted in it.
     * The {@code keyId} that is sent is kept: clients look for it afterwards.
     *
     * @param present what the principal has already; a client that adds to the list sends those back without the key
     */
    Optional<Function<PrincipalId, ClientCertificate>> read(Fields entry, List<ClientCertificate> present) {
        Optional<UUID> keyId = keyId(entry);
        if (!entry.has("key") && keyId.isPresent()) {
            Optional<ClientCertificate> same =
                    present.stream().filter(c -> c.keyId().equals(keyId.get())).findFirst();
            if (same.isPresent()) {
                return Optional.of(_ -> same.get());
            }
        }
        only(entry, "type", TYPE);
        only(entry, "usage", USAGE);
        String key = entry.requiredText("key");
        String name = entry.text("displayName").orElse("");
        try {
            X509Certificate certificate = ClientAssertions.certificate(binary(key));
            byte[] der = certificate.getEncoded();
            String subject = certificate.getSubjectX500Principal().getName();
            UUID id = keyId.orElseGet(UUID::randomUUID);
            return Optional.of(
                    owner -> new ClientCertificate(id, owner, der, name.isBlank() ? subject : name, clock.instant()));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            entry.problem(
                    "key", "'key' must be a base64 X.509 certificate whose key is RSA of 2048 bits or more, or EC.");
            return Optional.empty();
        }
    }

    private static void only(Fields entry, String name, String value) {
        entry.text(name)
                .filter(given -> !given.equalsIgnoreCase(value))
                .ifPresent(_ -> entry.problem(
                        name, "'" + name + "' must be '" + value + "': a certificate is here for signing in alone."));
    }

    private static Optional<UUID> keyId(Fields entry) {
        Optional<String> text = entry.text("keyId").filter(t -> !t.isBlank());
        Optional<UUID> id = text.flatMap(PrincipalId::parse).map(PrincipalId::value);
        if (text.isPresent() && id.isEmpty()) {
            entry.problem("keyId", "'keyId' must be a GUID.");
        }
        return id;
    }

    /** OData's Edm.Binary in either alphabet, with or without padding, and in lines, as azure-cli sends it. */
    private static byte[] binary(String text) {
        String one = text.replaceAll("\\s", "").replace('-', '+').replace('_', '/');
        return Base64.getDecoder().decode(one);
    }
}
