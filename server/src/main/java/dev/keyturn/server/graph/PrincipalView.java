package dev.keyturn.server.graph;

import dev.keyturn.core.identity.ClientCertificate;
import dev.keyturn.core.identity.ClientSecret;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.Principals;
import dev.keyturn.core.people.Person;
import dev.keyturn.json.Json;
import dev.keyturn.server.identity.ClientAssertions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Principals as Microsoft Graph shows applications and service principals. Both show the same credentials, because here
 * they are one thing; of a secret there is its hint, never more.
 */
record PrincipalView(Principals principals, String tenant) {
    static final String APPLICATION = "applications";
    static final String SERVICE = "servicePrincipals";

    /** Whether the principal is one of the kind: a managed identity has no application, Azure's own have theirs elsewhere. */
    static boolean is(String kind, Principal p) {
        return kind.equals(SERVICE)
                || (!p.isManagedIdentity() && KnownApplications.name(p.appId()).isEmpty());
    }

    ObjectNode render(String kind, Principal p) {
        ObjectNode out = Json.object()
                .put("id", p.id().toString())
                .putNull("deletedDateTime")
                .put("appId", p.appId().toString())
                .put("displayName", p.displayName())
                .put("createdDateTime", p.createdAt().toString());
        if (kind.equals(SERVICE)) {
            boolean foreign = KnownApplications.name(p.appId()).isPresent();
            out.put("servicePrincipalType", p.isManagedIdentity() ? "ManagedIdentity" : "Application")
                    .put("accountEnabled", true)
                    .put("appDisplayName", p.displayName())
                    .put("appOwnerOrganizationId", foreign ? KnownApplications.OWNER : tenant);
            out.putArray("servicePrincipalNames").add(p.appId().toString());
        } else {
            out.put("signInAudience", "AzureADMyOrg").putArray("identifierUris");
        }
        ArrayNode keys = out.putArray("keyCredentials");
        ArrayNode passwords = out.putArray("passwordCredentials");
        if (!p.isManagedIdentity()) {
            principals.certificates(p.id()).forEach(c -> keys.add(key(c)));
            principals.secrets(p.id()).forEach(s -> passwords.add(password(s)));
        }
        return out;
    }

    /** A person, as {@code /me} shows one. */
    static ObjectNode user(Person person) {
        return Json.object()
                .put("@odata.type", "#microsoft.graph.user")
                .put("id", person.id().toString())
                .put("displayName", person.displayName())
                .put("userPrincipalName", person.name().text())
                .put("createdDateTime", person.createdAt().toString());
    }

    static ObjectNode password(ClientSecret secret) {
        ObjectNode out = Json.object()
                .putNull("customKeyIdentifier")
                .put("displayName", secret.displayName())
                .put("hint", secret.hint())
                .put("keyId", secret.keyId().toString())
                .putNull("secretText")
                .put("startDateTime", secret.createdAt().toString())
                .putNull("endDateTime");
        secret.expiresAt().ifPresent(t -> out.put("endDateTime", t.toString()));
        return out;
    }

    static ObjectNode key(ClientCertificate registered) {
        ObjectNode out = Json.object()
                .put("displayName", registered.displayName())
                .putNull("key")
                .put("keyId", registered.keyId().toString())
                .put("type", Certificates.TYPE)
                .put("usage", Certificates.USAGE);
        try {
            X509Certificate certificate = ClientAssertions.certificate(registered.der());
            byte[] thumbprint = MessageDigest.getInstance("SHA-1").digest(registered.der());
            out.put("customKeyIdentifier", HexFormat.of().formatHex(thumbprint).toUpperCase(Locale.ROOT))
                    .put("startDateTime", certificate.getNotBefore().toInstant().toString())
                    .put("endDateTime", certificate.getNotAfter().toInstant().toString());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a registered certificate cannot be read", e);
        }
        return out;
    }
}
