package dev.keyturn.core.oauth;

import java.util.List;
import java.util.Optional;

/**
 * A program that people sign in with. It keeps no secret, so nothing proves that it is what it says: {@code name} is what
 * people are told that it says. The ids are those that the clients come with ({@code IdentityConstants} of azure-identity,
 * {@code AZURE_CLI_CLIENT_ID} of azure-cli); azure-cli's is that of all SDKs too.
 */
public record PublicClient(String id, String name) {
    private static final List<PublicClient> KNOWN = List.of(
            new PublicClient("04b07795-8ddb-461a-bbee-02f9e1bf7b46", "Azure CLI or an Azure SDK"),
            new PublicClient("1950a258-227b-4e31-a9cf-717495945fc2", "Azure PowerShell"));

    /** The client of this id, in whatever case; empty where it is none that is known. */
    public static Optional<PublicClient> find(String id) {
        return KNOWN.stream().filter(c -> c.id().equalsIgnoreCase(id)).findFirst();
    }
}
