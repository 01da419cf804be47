package dev.keyturn.core.key;

import dev.keyturn.core.keycrypto.KeyOperation;
import dev.keyturn.core.keycrypto.KeyRefusals;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a key may be like, before one is made or changed. */
final class KeyRules {
    private static final int MAX_TAGS = 15;
    private static final int MAX_TAG = 256;

    private KeyRules() {}

    static String name(String name) {
        if (!Key.validName(name)) {
            throw KeyRefusals.badParameter(
                    "key-name",
                    "The request URI contains an invalid name: '" + name
                            + "'. A key's name has 1 to 127 letters, digits and dashes.");
        }
        return name;
    }

    /**
     * The kind of key that the vault really makes: a managed HSM knows only keys in the HSM, a vault needs the SKU
     * premium for those and has no symmetric keys.
     */
    static KeySpec spec(Vault vault, KeySpec asked) {
        if (vault.kind() == VaultKind.MANAGED_HSM) {
            return switch (asked) {
                case KeySpec.Rsa rsa -> new KeySpec.Rsa(rsa.bits(), true);
                case KeySpec.Ec ec -> new KeySpec.Ec(ec.curve(), true);
                case KeySpec.Oct oct -> oct;
            };
        }
        if (asked instanceof KeySpec.Oct) {
            throw KeyRefusals.badParameter("kty", "Keys of type oct-HSM are made in a managed HSM only.");
        }
        if (asked.hsm() && !vault.premium()) {
            throw KeyRefusals.badParameter(
                    "kty",
                    "Keys of type " + asked.type() + " need a vault of SKU premium or a managed HSM; vault '"
                            + vault.name() + "' has SKU " + vault.sku() + ".");
        }
        return asked;
    }

    static Set<KeyOperation> operations(KeySpec spec, Optional<Set<KeyOperation>> asked, boolean exportable) {
        Set<KeyOperation> possible = EnumSet.copyOf(KeyOperation.possible(spec));
        if (exportable) {
            possible.add(KeyOperation.EXPORT);
        }
        Set<KeyOperation> operations = asked.orElseGet(() -> KeyOperation.usual(spec));
        keyExchange(spec, operations);
        for (KeyOperation operation : operations) {
            if (!possible.contains(operation)) {
                throw KeyRefusals.badParameter(
                        "key_ops",
                        "Operation " + operation.wire() + " is not possible with a key of type " + spec.type()
                                + (operation == KeyOperation.EXPORT ? " that is not exportable" : "")
                                + "; possible are "
                                + KeyOperation.text(possible).replace(",", ", ") + ".");
            }
        }
        return operations;
    }

    /** A key that others are brought in under (BYOK) does nothing else, and lives in hardware. */
    private static void keyExchange(KeySpec spec, Set<KeyOperation> operations) {
        if (!operations.contains(KeyOperation.IMPORT)) {
            return;
        }
        if (operations.size() > 1) {
            throw KeyRefusals.badParameter(
                    "key_ops",
                    "Operation import cannot be combined with others: a key exchange key is for import alone.");
        }
        if (!(spec instanceof KeySpec.Rsa && spec.hsm())) {
            throw KeyRefusals.badParameter(
                    "key_ops", "Operation import needs a key of type RSA-HSM, not " + spec.type() + ".");
        }
    }

    /** A vault makes 65537 whatever is asked for; a managed HSM makes what is asked for. */
    static long exponent(Vault vault, KeySpec spec, Optional<Long> asked) {
        if (vault.kind() == VaultKind.VAULT || !(spec instanceof KeySpec.Rsa)) {
            return KeySpec.Rsa.USUAL_EXPONENT;
        }
        long exponent = asked.orElse(KeySpec.Rsa.USUAL_EXPONENT);
        if (exponent < 3 || exponent % 2 == 0) {
            throw KeyRefusals.badParameter(
                    "public_exponent", "'public_exponent' must be odd and 3 or more, not " + exponent + ".");
        }
        return exponent;
    }

    /**
     * Azure's rules: exportable keys need a release policy and the reverse, in a premium vault (400 BadParameter). Its
     * AKV.SKR numbers are in docs/clients.md.
     */
    static void exportable(Vault vault, KeySpec spec, boolean exportable, Optional<ReleasePolicy> policy) {
        if (exportable && !vault.premium()) {
            throw KeyRefusals.badParameter(
                    "attributes.exportable",
                    "AKV.SKR.1001: The exportable attribute is only supported with premium vaults; vault '"
                            + vault.name() + "' has SKU " + vault.sku() + ".");
        }
        if (exportable && policy.isEmpty()) {
            throw KeyRefusals.badParameter(
                    "release_policy",
                    "AKV.SKR.1004: Exportable keys must have release policy: give release_policy too.");
        }
        if (!exportable && policy.isPresent()) {
            throw KeyRefusals.badParameter(
                    "attributes.exportable",
                    "AKV.SKR.1005: Non-exportable keys must not have release policy: set attributes.exportable to"
                            + " true.");
        }
        if (exportable && !spec.hsm()) {
            throw KeyRefusals.badParameter(
                    "kty",
                    "AKV.SKR.1006: Only keys of an HSM type (RSA-HSM, EC-HSM, oct-HSM) can be exportable, not "
                            + spec.type() + ".");
        }
    }

    static Map<String, String> tags(Map<String, String> tags) {
        if (tags.size() > MAX_TAGS) {
            throw KeyRefusals.badParameter("tags", "There can be at most " + MAX_TAGS + " tags.");
        }
        tags.forEach((name, value) -> {
            if (name.isEmpty() || name.length() > MAX_TAG || value.length() > MAX_TAG) {
                throw KeyRefusals.badParameter("tags", "A tag's name has 1 to 256 characters, its value at most 256.");
            }
        });
        return tags;
    }
}
