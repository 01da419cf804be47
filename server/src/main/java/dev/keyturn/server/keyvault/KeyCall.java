package dev.keyturn.server.keyvault;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.vault.KeyAccess;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * One request whose caller and vault are known.
 *
 * @param by who calls, and how
 */
record KeyCall(Call by, Vault vault, Request request, Doors doors, KeyAccess access) {
    /** Answers one call. May throw {@code DomainException} and {@code BadBodyException}. */
    @FunctionalInterface
    interface Handler {
        Response handle(KeyCall call);
    }

    String name() {
        return request.variable("name");
    }

    /**
     * The body, which is read only of a caller that has the permission for the key in the path, or for the vault where
     * the path has none. The service asks again, at the time that it acts.
     */
    ObjectNode body(KeyPermission permission) {
        Optional<String> key = Optional.ofNullable(request.variables().get("name"));
        doors.require(by, access.ask(vault, permission, key, version()));
        return request.json();
    }

    /** The version in the path, in lower case; absent where the path has none. */
    Optional<String> version() {
        return Optional.ofNullable(request.variables().get("version")).map(v -> v.toLowerCase(Locale.ROOT));
    }

    /** Whether the client insists on deleting what artifacts are under. */
    boolean override() {
        return request.query("keyturnOverride")
                .filter(v -> v.equalsIgnoreCase("true"))
                .isPresent();
    }
}
