package dev.keyturn.server.graph;

import dev.keyturn.core.directory.Directory;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.ClientCertificate;
import dev.keyturn.core.identity.ClientSecret;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Principals;
import dev.keyturn.core.model.Guid;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Shape;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** What a service principal signs in with: secrets ({@code passwordCredentials}) and certificates ({@code keyCredentials}). */
final class Credentials {
    private static final Shape REMOVAL = Shape.data().text("keyId").build();
    private static final Shape LISTS = lists(Shape.data()).build();
    private static final Shape ADDITION = Shape.data()
            .text("passwordCredential.displayName", "passwordCredential.endDateTime")
            .build();
    private static final String KEYS = "keyCredentials";
    private static final String PASSWORDS = "passwordCredentials";
    /** The end of the four-digit years; ISO 8601 can write times that no clock here can count to. */
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");
    /** What Azure's own clients ask for where nobody says: one year. */
    private static final Duration SECRET_LIFE = Duration.ofDays(365);

    private final Principals principals;
    private final Directory directory;
    private final Certificates certificates;
    private final Clock clock;

    /** What a list of credentials may say; clients send back what they were shown. */
    static Shape.Builder lists(Shape.Builder shape) {
        return Certificates.shape(shape, KEYS + "[].")
                .text("passwordCredentials[].keyId")
                .any("passwordCredentials[].displayName", "passwordCredentials[].hint")
                .any("passwordCredentials[].secretText", "passwordCredentials[].customKeyIdentifier")
                .any("passwordCredentials[].startDateTime", "passwordCredentials[].endDateTime");
    }

    Credentials(Principals principals, Directory directory, Clock clock) {
        this.principals = principals;
        this.directory = directory;
        this.certificates = new Certificates(clock);
        this.clock = clock;
    }

    /** The credentials that a body leaves a principal with; {@code secrets} absent means that it says nothing of them. */
    record NewCredentials(Function<PrincipalId, List<ClientCertificate>> certificates, Optional<List<UUID>> secrets) {}

    Response addSecret(Call call, Principal owner, Request request) {
        Fields fields = Fields.of(request.json(), ADDITION);
        Optional<String> name = fields.text("passwordCredential.displayName");
        Optional<String> end = fields.text("passwordCredential.endDateTime");
        Instant expires = clock.instant().plus(SECRET_LIFE);
        try {
            expires = end.map(Instant::parse).orElse(expires);
            if (expires.isAfter(LAST)) {
                fields.problem(
                        "passwordCredential.endDateTime",
                        "'passwordCredential.endDateTime' must not be after " + LAST + ".");
            }
        } catch (DateTimeParseException e) {
            fields.problem(
                    "passwordCredential.endDateTime",
                    "'passwordCredential.endDateTime' must be a UTC time such as 2030-01-31T00:00:00Z.");
        }
        fields.done();
        var made = directory.addSecret(call, owner.id(), name.orElse("secret"), Optional.of(expires));
        return Response.ok(PrincipalView.password(made.stored()).put("secretText", made.text()));
    }

    Response removeSecret(Call call, Principal owner, Request request) {
        Fields body = Fields.of(request.json(), REMOVAL);
        String text = body.requiredText("keyId");
        Optional<UUID> keyId = Guid.parse(text);
        if (!text.isBlank() && keyId.isEmpty()) {
            body.problem("keyId", "'keyId' must be the GUID of a secret.");
        }
        body.done();
        directory.removeSecret(call, owner.id(), keyId.orElseThrow());
        return Response.empty(204);
    }

    /** As in Graph, a list that is sent replaces the one that was there; entries that are known by keyId stay. */
    Response replace(Call call, Principal owner, Request request) {
        Fields body = Fields.of(request.json(), LISTS);
        if (!body.has(KEYS) && !body.has(PASSWORDS)) {
            body.problem(KEYS, "Only 'keyCredentials' and 'passwordCredentials' can be changed here.");
        }
        List<ClientCertificate> present = principals.certificates(owner.id());
        NewCredentials given = read(body, present, principals.secrets(owner.id()));
        body.done();
        List<ClientCertificate> wanted = body.has(KEYS) ? given.certificates().apply(owner.id()) : present;
        directory.replace(call, owner.id(), wanted, given.secrets());
        return Response.empty(204);
    }

    /** @param present what the principal has already; a client that adds to the list sends those back without the key */
    NewCredentials read(Fields body, List<ClientCertificate> present, List<ClientSecret> secrets) {
        List<Function<PrincipalId, ClientCertificate>> wanted = new ArrayList<>();
        for (Fields entry : body.objects(KEYS)) {
            this.certificates.read(entry, present).ifPresent(wanted::add);
        }
        Optional<List<UUID>> kept = body.has(PASSWORDS) ? Optional.of(kept(body, secrets)) : Optional.empty();
        return new NewCredentials(
                owner -> wanted.stream().map(c -> c.apply(owner)).toList(), kept);
    }

    /** A secret's text is this server's to make: a list can only take secrets away. */
    private static List<UUID> kept(Fields body, List<ClientSecret> secrets) {
        List<UUID> kept = new ArrayList<>();
        for (Fields entry : body.objects(PASSWORDS)) {
            Optional<UUID> keyId = keyId(entry);
            boolean known = keyId.isPresent()
                    && secrets.stream().anyMatch(s -> s.keyId().equals(keyId.get()));
            if (known) {
                kept.add(keyId.get());
            } else {
                entry.problem(
                        "keyId",
                        "'" + entry.path() + "' is not a secret that is there already; a new one is made by POST"
                                + " .../addPassword, which answers its text.");
            }
        }
        return kept;
    }

    private static Optional<UUID> keyId(Fields entry) {
        return entry.text("keyId").flatMap(PrincipalId::parse).map(PrincipalId::value);
    }
}
