package dev.keyturn.core.diskset;

import dev.keyturn.core.envelope.KeyFacts;
import dev.keyturn.core.envelope.KeyGuard;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import java.util.List;
import java.util.Optional;

/** What somebody who puts a fleet under a key should know, without being refused for it. */
public final class KeyWarnings {
    public static final String OPEN_TO_CONTRIBUTORS = "KeysOpenToContributors";

    private KeyWarnings() {}

    /** Empty where there is nothing to say, or no such key. */
    public static List<ErrorInfo> of(KeyId key, Optional<KeyFacts> facts) {
        return facts
                .map(KeyFacts::guard)
                .filter(g -> g.kind() == KeyGuard.Kind.ACCESS_POLICIES)
                .map(g -> ErrorInfo.at(
                        key.url(),
                        OPEN_TO_CONTRIBUTORS,
                        "Key '" + key.url() + "' is in vault '" + g.name()
                                + "', which is on access policies: whoever may write the vault, as Contributor and Key"
                                + " Vault Contributor may, can give itself access to the key. Let the vault have"
                                + " enableRbacAuthorization true, so that role assignments alone decide."))
                .stream()
                .toList();
    }
}
