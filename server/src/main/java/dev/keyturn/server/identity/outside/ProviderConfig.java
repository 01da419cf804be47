package dev.keyturn.server.identity.outside;

import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.people.GroupName;
import dev.keyturn.core.people.Outside;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/**
 * The provider that signs people in, and what of its words means what here (docs/portal.md). Immutable.
 *
 * @param issuer exactly as the provider writes it
 * @param secret of this server as the provider's client; empty for a public client, which has PKCE alone
 * @param audience what the provider's ID tokens are for
 * @param scopes what is asked for, {@code openid} among them
 * @param trust whose TLS certificates are taken
 * @param groups the groups here, by what the provider calls them
 * @param everybody whoever the provider signs in comes in, in a group or not
 */
public record ProviderConfig(
        String issuer,
        String client,
        Optional<SecretBytes> secret,
        String audience,
        List<String> scopes,
        SSLContext trust,
        Claims claims,
        Map<String, GroupName> groups,
        boolean everybody) {

    /** The names of the claims that say how a person is called, and in which groups it is. */
    public record Claims(String name, String displayName, String groups) {}

    public ProviderConfig {
        scopes = List.copyOf(scopes);
        groups = Map.copyOf(groups);
    }

    /** As the services of people know it. */
    public Outside outside() {
        return new Outside(Optional.of(issuer), new HashSet<>(groups.values()));
    }

    /** The groups here of somebody of whom the provider says these. */
    Set<GroupName> groups(List<String> said) {
        return said.stream()
                .flatMap(s -> Optional.ofNullable(groups.get(s)).stream())
                .collect(Collectors.toSet());
    }

    @Override
    public String toString() {
        return "ProviderConfig[" + issuer + ", " + client + "]";
    }
}
