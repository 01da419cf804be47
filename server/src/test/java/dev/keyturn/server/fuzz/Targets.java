package dev.keyturn.server.fuzz;

import dev.keyturn.server.RequestsTarget;
import dev.keyturn.server.http.PathsTarget;
import dev.keyturn.server.identity.TokensTarget;
import dev.keyturn.server.keyvault.PoliciesTarget;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** The targets by name; the inputs of each are in the directory of that name. */
final class Targets {
    static final Map<String, Callable<FuzzTarget>> ALL = new TreeMap<>(Map.of(
            "bodies", BodiesTarget::new,
            "ids", IdsTarget::new,
            "paths", PathsTarget::new,
            "filters", FiltersTarget::new,
            "tokens", TokensTarget::new,
            "policies", PoliciesTarget::new,
            "requests", RequestsTarget::new));

    private Targets() {}

    static FuzzTarget open(String name) throws Exception {
        return Optional.ofNullable(ALL.get(name))
                .orElseThrow(() -> new IllegalArgumentException("no target is named " + name))
                .call();
    }
}
