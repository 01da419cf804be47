package dev.keyturn.server.identity.outside;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where people sign in instead of here, as the operator says it: both or neither. Immutable. */
public record ProviderOptions(Optional<String> issuer, Optional<Path> file) {
    /** People sign in here. */
    public static final ProviderOptions NONE = new ProviderOptions(Optional.empty(), Optional.empty());

    /** Everything that is wrong with the options and the file, one line each; empty where nothing is. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        ProviderConfig unused = read(problems).orElse(null);
        return unused == null ? problems : List.of();
    }

    /** Empty where people sign in here, or where something is wrong: then {@code problems} has it. */
    public Optional<ProviderConfig> read(List<String> problems) {
        if (issuer.isEmpty() && file.isEmpty()) {
            return Optional.empty();
        }
        List<String> own = new ArrayList<>();
        if (issuer.isEmpty()) {
            own.add("--oidc-config is about the provider that --oidc-issuer names: give both, or neither.");
        }
        if (file.isEmpty()) {
            own.add("--oidc-issuer needs --oidc-config FILE beside it, which says who is let in (docs/portal.md).");
        }
        issuer.flatMap(ProviderConfigFile::wrong).ifPresent(own::add);
        Optional<ProviderConfig> read = file.flatMap(f -> new ProviderConfigFile(f, own).read(issuer.orElse("")));
        if (own.isEmpty() && read.isEmpty()) { // never taken for "people sign in here"
            own.add("--oidc-config: nothing was read of it.");
        }
        problems.addAll(own);
        return own.isEmpty() ? read : Optional.empty();
    }
}
