package dev.keyturn.server.portal.grants;

import dev.keyturn.core.oauth.ClientSignIn;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The programs in which the person is signed in, newest first.
 *
 * @param ends when each ends, by its id
 */
public record ClientsPage(List<ClientSignIn> clients, Map<String, Instant> ends) {
    public Instant endsAt(ClientSignIn client) {
        return ends.getOrDefault(client.id(), client.endsAt());
    }
}
