package dev.keyturn.server.graph;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Applications of Azure's own directory that runbooks make a service principal of, and grant keys to. */
final class KnownApplications {
    /** The directory that they belong to, as every principal of theirs shows. */
    static final String OWNER = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

    private static final Map<UUID, String> NAMES =
            Map.of(UUID.fromString("bf7b6499-ff71-4aa2-97a4-f372087be7f0"), "Confidential VM Orchestrator");

    private KnownApplications() {}

    static Optional<String> name(UUID appId) {
        return Optional.ofNullable(NAMES.get(appId));
    }
}
