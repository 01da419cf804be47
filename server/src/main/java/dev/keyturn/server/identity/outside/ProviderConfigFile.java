package dev.keyturn.server.identity.outside;

import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.people.GroupName;
import dev.keyturn.json.BadBodyException;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Reads the file of {@code --oidc-config}: one JSON object. Finds everything that is wrong with it. For one thread. */
final class ProviderConfigFile {
    private static final Shape SHAPE = Shape.data()
            .text("clientId", "clientSecretFile", "audience", "caFile")
            .texts("scopes")
            .text("claims.name", "claims.displayName", "claims.groups")
            .map("groups")
            .bool("everybody")
            .build();

    private static final int LONGEST = 256 << 10;
    private static final int LONGEST_TEXT = 1000;
    private static final int MOST_GROUPS = 1000;
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

    private static final Set<PosixFilePermission> WRITABLE =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private final Path file;
    private final List<String> problems;

    ProviderConfigFile(Path file, List<String> problems) {
        this.file = file;
        this.problems = problems;
    }

    /** What is wrong with the name of a provider. */
    static Optional<String> wrong(String issuer) {
        try {
            URI uri = new URI(issuer);
            if ("https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null
                    && issuer.length() <= LONGEST_TEXT) {
                return Optional.empty();
            }
        } catch (URISyntaxException e) {
            // said below
        }
        return Optional.of("--oidc-issuer must be an https address without a query, exactly as the provider writes it,"
                + " such as https://login.example.org, not '" + issuer + "'.");
    }

    /** What is read may be used only where nothing was wrong. */
    Optional<ProviderConfig> read(String issuer) {
        try {
            if (writableByOthers(file)) {
                problem(
                        "can be written by others than its owner, and who writes it decides who is let in: chmod go-w.");
                return Optional.empty();
            }
            byte[] bytes = bytes(file);
            if (bytes.length == 0) {
                problem("is empty: it must be a JSON object.");
                return Optional.empty();
            }
            return Optional.of(read(issuer, Fields.of(Json.parseObject(bytes), SHAPE)));
        } catch (IOException e) {
            problem("cannot be read: " + reason(e));
        } catch (InvalidPathException e) { // a character that no file name can have
            problem("names a file that there cannot be: " + e.getReason());
        } catch (BadBodyException e) {
            e.problems().forEach(p -> problem(p.message().replace("The body", "it")));
        }
        return Optional.empty();
    }

    private static boolean writableByOthers(Path at) throws IOException {
        return Files.getPosixFilePermissions(at).stream().anyMatch(WRITABLE::contains);
    }

    private ProviderConfig read(String issuer, Fields fields) {
        Fields claims = fields.objectOrEmpty("claims");
        unknown(fields, "clientId, clientSecretFile, audience, scopes, caFile, claims, groups and everybody");
        unknown(claims, "name, displayName and groups");
        String client = fields.requiredText("clientId");
        Optional<SecretBytes> secret = fields.text("clientSecretFile").flatMap(this::secret);
        List<String> scopes = scopes(fields);
        SSLContext trust = trust(fields.text("caFile"));
        ProviderConfig.Claims names = new ProviderConfig.Claims(
                claim(claims, "name", "preferred_username"),
                claim(claims, "displayName", "name"),
                claim(claims, "groups", "groups"));
        Map<String, GroupName> groups = groups(fields);
        boolean everybody = fields.bool("everybody").orElse(false);
        if (groups.isEmpty() && !everybody && !fields.has("groups")) {
            fields.problem(
                    "groups",
                    "'groups' is missing, so nobody could sign in: map what the provider says to groups here, as in"
                            + " {\"keyturn-admins\": \"Administrators\"}, or say \"everybody\": true.");
        } else if (groups.isEmpty() && !everybody) {
            fields.problem("groups", "'groups' maps nothing, so nobody could sign in.");
        }
        ProviderConfig read = new ProviderConfig(
                issuer,
                client,
                secret,
                fields.text("audience").orElse(client),
                scopes,
                trust,
                names,
                groups,
                everybody);
        fields.done();
        return read;
    }

    private static void unknown(Fields fields, String known) {
        fields.unknown()
                .forEach(name -> fields.problem(
                        name,
                        "'" + (fields.path().isEmpty() ? name : fields.path() + "." + name)
                                + "' is not known; known are " + known + "."));
    }

    private static List<String> scopes(Fields fields) {
        List<String> wanted = new ArrayList<>(List.of("openid"));
        List<String> said = fields.has("scopes") ? fields.texts("scopes") : List.of("profile");
        for (String scope : said) {
            if (!scope.matches("[\\x21\\x23-\\x5B\\x5D-\\x7E]{1,100}")) {
                fields.problem("scopes", "'scopes' must be names without spaces, such as \"profile\".");
            } else if (!wanted.contains(scope)) {
                wanted.add(scope);
            }
        }
        return wanted;
    }

    private static String claim(Fields claims, String field, String byDefault) {
        String name = claims.text(field).orElse(byDefault);
        if (name.isBlank() || name.length() > LONGEST_TEXT) {
            claims.problem(field, "'claims." + field + "' must be the name of a claim.");
        }
        return name;
    }

    private static Map<String, GroupName> groups(Fields fields) {
        Map<String, GroupName> groups = new HashMap<>();
        Map<String, String> said = fields.textMap("groups").orElse(Map.of());
        if (said.size() > MOST_GROUPS) {
            fields.problem("groups", "'groups' maps at most " + MOST_GROUPS + " names, not " + said.size() + ".");
        }
        said.forEach((theirs, ours) -> GroupName.parse(ours)
                .ifPresentOrElse(
                        name -> groups.put(theirs, name),
                        () -> fields.problem(
                                "groups",
                                "'groups." + theirs + "' must be the name of a group here, which has " + GroupName.FORM
                                        + ", not '" + ours + "'.")));
        return groups;
    }

    private Optional<SecretBytes> secret(String name) {
        Path at = beside(name);
        try {
            if (Files.getPosixFilePermissions(at).stream().anyMatch(OF_OTHERS::contains)) {
                problem("'clientSecretFile': " + at
                        + " can be read by others. Let its owner alone read it: chmod 600.");
                return Optional.empty();
            }
            String text = new String(bytes(at), StandardCharsets.UTF_8).strip();
            if (text.isEmpty() || text.length() > LONGEST_TEXT || text.lines().count() > 1) {
                problem("'clientSecretFile': " + at + " must have the secret in one line, and nothing else.");
                return Optional.empty();
            }
            return Optional.of(SecretBytes.adopt(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            problem("'clientSecretFile': " + at + " cannot be read: " + reason(e));
            return Optional.empty();
        }
    }

    private SSLContext trust(Optional<String> name) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(name.isPresent() ? authorities(beside(name.get())) : null);
            context.init(null, trusted.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    private KeyStore authorities(Path at) throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try {
            store.load(null, null);
            if (writableByOthers(at)) {
                problem("'caFile': " + at
                        + " can be written by others than its owner, and who writes it can pass for the"
                        + " provider: chmod go-w.");
                return store;
            }
            Collection<? extends Certificate> found;
            try (InputStream in = Files.newInputStream(at)) {
                found = CertificateFactory.getInstance("X.509").generateCertificates(in);
            }
            if (found.isEmpty()) {
                problem("'caFile': " + at + " has no certificate in it; PEM is what is read.");
            }
            int n = 0;
            for (Certificate certificate : found) {
                store.setCertificateEntry("ca" + n++, certificate);
            }
        } catch (IOException e) {
            problem("'caFile': " + at + " cannot be read: " + reason(e));
        } catch (GeneralSecurityException e) {
            problem("'caFile': " + at + " has no certificate in it; PEM is what is read.");
        }
        return store;
    }

    /** Files that the file names stand beside it, where their names say nothing else. */
    private Path beside(String name) {
        return file.toAbsolutePath().resolveSibling(name);
    }

    private static byte[] bytes(Path at) throws IOException {
        try (InputStream in = Files.newInputStream(at)) {
            byte[] bytes = in.readNBytes(LONGEST + 1);
            if (bytes.length > LONGEST) {
                throw new IOException("it has more than " + LONGEST / 1024 + " KiB");
            }
            return bytes;
        }
    }

    private void problem(String what) {
        problems.add("--oidc-config " + file + ": " + what);
    }

    private static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.NoSuchFileException _ -> "there is no such file.";
            case java.nio.file.AccessDeniedException _ -> "access is denied.";
            default -> e.getMessage() + ".";
        };
    }
}
