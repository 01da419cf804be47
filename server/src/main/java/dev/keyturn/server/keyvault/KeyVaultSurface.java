package dev.keyturn.server.keyvault;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.key.KeyServices;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.vault.HsmAssignments;
import dev.keyturn.core.vault.KeyAccess;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultHosts;
import dev.keyturn.core.vault.VaultHosts.Address;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.core.vault.VaultService;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.RoutePattern;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.http.Surface;
import dev.keyturn.server.identity.Audiences;
import dev.keyturn.server.identity.Authentication;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The data plane of every vault and managed HSM, told apart by the Host header. Nothing is looked at before the token:
 * clients send a first request without token and body, to learn from the challenge where tokens come from. No body is
 * read before the permission ({@link KeyCall#body}).
 * Thread-safe.
 */
public final class KeyVaultSurface implements Surface {
    private static final Pattern API_VERSION =
            Pattern.compile("(7\\.\\d{1,2}|20\\d{2}-\\d{2}-\\d{2})([-.][0-9a-zA-Z.-]{1,40})?");
    private static final Set<String> NOT_SERVED = Set.of(
            "secrets",
            "deletedsecrets",
            "certificates",
            "deletedcertificates",
            "storage",
            "deletedstorage",
            "securitydomain",
            "backup",
            "restore",
            "settings");

    private final Authentication authentication;
    private final Audiences audiences;
    private final Doors doors;
    private final VaultService vaults;
    private final VaultHosts hosts;
    private final KeyAccess access;
    private final String authority;
    private final Map<VaultKind, Routes> routes = new EnumMap<>(VaultKind.class);

    /** Takes the routes of one part of the surface. */
    interface Adder {
        void add(String method, String pattern, KeyCall.Handler handler);
    }

    /**
     * @param authority where tokens for this tenant come from, {@code https://<server>/<tenant>}, as the challenge
     *     says it
     */
    public KeyVaultSurface(
            Authentication authentication,
            Audiences audiences,
            Doors doors,
            VaultService vaults,
            KeyServices services,
            HsmAssignments assignments,
            String authority) {
        this.authentication = authentication;
        this.audiences = audiences;
        this.doors = doors;
        this.vaults = vaults;
        this.hosts = vaults.hosts();
        this.access = services.access();
        this.authority = authority;
        for (VaultKind kind : VaultKind.values()) {
            Routes table = new Routes();
            Adder adder = (method, pattern, handler) ->
                    table.add(method, pattern, request -> handler.handle(call(kind, request)));
            new KeyRoutes(services, hosts).addTo(adder);
            new DeletedKeyRoutes(services, hosts).addTo(adder);
            new CryptoRoutes(services.crypto(), hosts).addTo(adder);
            if (kind == VaultKind.MANAGED_HSM) {
                new HsmRoutes(services.crypto(), assignments).addTo(adder);
            }
            routes.put(kind, table);
        }
    }

    /** The routes of every vault, or of every managed HSM. */
    public List<RoutePattern> patterns(VaultKind kind) {
        return Optional.ofNullable(routes.get(kind)).orElseThrow().patterns();
    }

    @Override
    public Response handle(Request request) {
        VaultKind kind = address(request).kind();
        Routes table = Optional.ofNullable(routes.get(kind)).orElseThrow();
        Response response = switch (table.match(request.method(), request.path())) {
            case Routes.Match.Found found -> found.handler().handle(request.with(found.variables()));
            case Routes.Match.OtherMethods others -> {
                authentication.authenticate(request, audience(kind));
                String allowed = String.join(", ", others.allowed());
                yield KeyVaultErrors.response(new DomainError.MethodNotAllowed(ErrorInfo.of(
                                "MethodNotAllowed",
                                "'" + request.path() + "' takes " + allowed + ", not " + request.method() + ".")))
                        .with("Allow", allowed);
            }
            case Routes.Match.None _ -> {
                authentication.authenticate(request, audience(kind));
                throw unknown(request).asException();
            }
        };
        return response.with("Cache-Control", "no-cache, no-store");
    }

    @Override
    public Response refuse(Request request, DomainError error) {
        Response response = KeyVaultErrors.response(error).with("Cache-Control", "no-cache, no-store");
        return error instanceof DomainError.Unauthenticated
                ? response.with("WWW-Authenticate", challenge(request))
                : response;
    }

    /** The resource is the host without its first label, port kept: clients compare it with the host they called. */
    private String challenge(Request request) {
        String host = request.authority();
        String resource = "https://" + host.substring(host.indexOf('.') + 1);
        return "Bearer authorization=\"" + authority + "\", resource=\"" + resource + "\"";
    }

    private KeyCall call(VaultKind kind, Request request) {
        Call by = authentication.call(request, audience(kind), Call.Door.VAULT);
        Address address = address(request);
        Vault vault = vaults.named(kind, address.name()).orElseThrow(() -> noVault(request));
        requireApiVersion(request);
        return new KeyCall(by, vault, request, doors, access);
    }

    private Address address(Request request) {
        return hosts.resolve(request.authority()).orElseThrow(() -> noVault(request));
    }

    private Predicate<String> audience(VaultKind kind) {
        return switch (kind) {
            case VAULT -> audiences::vaults;
            case MANAGED_HSM -> audiences::hsms;
        };
    }

    private static RuntimeException noVault(Request request) {
        return new DomainError.NotFound(ErrorInfo.of(
                        "VaultNotFound", "There is no vault or managed HSM at '" + request.authority() + "'."))
                .asException();
    }

    private static void requireApiVersion(Request request) {
        Optional<String> version = request.query("api-version");
        if (version.isEmpty() || version.get().isBlank()) {
            throw new DomainError.Invalid(ErrorInfo.of(
                            "MissingApiVersionParameter",
                            "The api-version query parameter (?api-version=) is required for all requests."))
                    .asException();
        }
        if (!API_VERSION.matcher(version.get()).matches()) {
            throw new DomainError.Invalid(ErrorInfo.of(
                            "InvalidApiVersionParameter",
                            "The api-version is invalid. It must be one like '7.5' or '2025-07-01'."))
                    .asException();
        }
    }

    private static DomainError unknown(Request request) {
        String first = request.path().replaceFirst("^/+", "").split("/", 2)[0].toLowerCase(Locale.ROOT);
        return NOT_SERVED.contains(first)
                ? new DomainError.NotFound(
                        ErrorInfo.of("NotSupported", "This server keeps keys only: '/" + first + "' is not served."))
                : new DomainError.NotFound(
                        ErrorInfo.of("NotFound", "There is no operation at '" + request.path() + "'."));
    }
}
