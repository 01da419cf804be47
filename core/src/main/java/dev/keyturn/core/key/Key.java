package dev.keyturn.core.key;

import dev.keyturn.core.vault.Deletion;
import dev.keyturn.core.vault.VaultId;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A key: the name its versions share. {@code nextRotation} is when its policy wants a new version, worked out when the
 * policy or the latest version changes. While {@code deleted} is present no version can be used.
 */
public record Key(
        VaultId vault,
        String name,
        Instant created,
        Optional<RotationPolicy> rotationPolicy,
        Optional<Instant> nextRotation,
        Optional<Deletion> deleted) {
    private static final Pattern NAME = Pattern.compile("[0-9a-zA-Z-]{1,127}");

    public Key {
        if (!validName(name)) {
            throw new IllegalArgumentException("not a key name");
        }
    }

    public static boolean validName(String name) {
        return NAME.matcher(name).matches();
    }

    public Key with(Optional<Deletion> deletion) {
        return new Key(vault, name, created, rotationPolicy, nextRotation, deletion);
    }

    public Key with(Optional<RotationPolicy> policy, Optional<Instant> next) {
        return new Key(vault, name, created, policy, next, deleted);
    }
}
