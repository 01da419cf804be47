package dev.keyturn.core.key;

import dev.keyturn.core.keycrypto.KeyBackend;
import dev.keyturn.core.keycrypto.KeyRefusals;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.vault.VaultKind;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where private keys live, by kind of vault: a managed HSM may keep its keys in a device while vaults keep theirs in
 * software. A key version remembers the backend that it was made in. So a kind can get another backend at any start, as
 * long as the one before stays among the others. Immutable, thread-safe.
 */
public final class KeyBackends {
    /** None at all: no key can be made or used. */
    public static final KeyBackends NONE = new KeyBackends(Map.of(), List.of());

    private final Map<VaultKind, KeyBackend> makers;
    private final Map<String, KeyBackend> byName = new HashMap<>();

    /**
     * @param makers in which new keys of a kind of vault are made; a kind without one can make none
     * @param others those that keys made earlier may still live in
     * @throws IllegalArgumentException where two of them have one name
     */
    public KeyBackends(Map<VaultKind, KeyBackend> makers, Collection<KeyBackend> others) {
        this.makers = makers.isEmpty() ? Map.of() : new EnumMap<>(makers);
        Set<KeyBackend> all = Collections.newSetFromMap(new IdentityHashMap<>());
        all.addAll(makers.values());
        all.addAll(others);
        for (KeyBackend backend : all) {
            if (byName.put(backend.name(), backend) != null) {
                throw new IllegalArgumentException("two key backends are named '" + backend.name() + "'");
            }
        }
    }

    /** One backend for the keys of every kind. */
    public static KeyBackends of(KeyBackend only) {
        return new KeyBackends(Map.of(VaultKind.VAULT, only, VaultKind.MANAGED_HSM, only), List.of());
    }

    /** @throws dev.keyturn.core.model.DomainException where nothing makes such a key for vaults of this kind */
    KeyBackend forNewKeys(VaultKind kind, KeySpec spec) {
        KeyBackend backend = Optional.ofNullable(makers.get(kind))
                .orElseThrow(() -> KeyRefusals.badParameter(
                        "kty", "This server has no key backend that could make a key of a " + kind.noun() + "."));
        if (!backend.supports(spec)) {
            throw KeyRefusals.badParameter(
                    "kty",
                    "The key backend '" + backend.name() + "' of this server does not make keys of kind " + spec.text()
                            + ".");
        }
        return backend;
    }

    /** @throws IllegalStateException where the server was started without the backend that has the key */
    KeyBackend of(KeyVersion version) {
        return named(version.backend());
    }

    KeyBackend named(String name) {
        return Optional.ofNullable(byName.get(name))
                .orElseThrow(() -> new IllegalStateException("no key backend '" + name + "' is configured"));
    }
}
