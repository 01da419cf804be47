package dev.keyturn.core.vault;

import dev.keyturn.core.model.Authority;
import dev.keyturn.core.model.KeyId;
import java.util.Locale;
import java.util.Optional;

/**
 * The host names of vaults and managed HSMs: {@code <name>.vault.<domain>[:port]} and {@code
 * <name>.managedhsm.<domain>[:port]}; the port is left out where it is 443.
 */
public record VaultHosts(String domain, int port) {
    public VaultHosts {
        domain = domain.toLowerCase(Locale.ROOT);
    }

    /** A vault's kind and name, as a host name says them. */
    public record Address(VaultKind kind, String name) {}

    /** The canonical authority, which every key id carries. */
    public String authority(VaultKind kind, String name) {
        return host(kind, name) + (port == 443 ? "" : ":" + port);
    }

    public String authority(Vault vault) {
        return authority(vault.kind(), vault.name());
    }

    /** {@code https://<authority>/} */
    public String uri(Vault vault) {
        return "https://" + authority(vault) + "/";
    }

    public String host(VaultKind kind, String name) {
        return name.toLowerCase(Locale.ROOT) + "." + kind.label() + "." + domain;
    }

    /** The vault that an authority names, whatever its port: clients drop it or come through a forwarded one. */
    public Optional<Address> resolve(String authority) {
        String host = Authority.host(authority).toLowerCase(Locale.ROOT);
        for (VaultKind kind : VaultKind.values()) {
            String suffix = "." + kind.label() + "." + domain;
            int label = host.length() - suffix.length();
            if (label > 0 && host.endsWith(suffix) && host.indexOf('.') == label) {
                return Optional.of(new Address(kind, host.substring(0, label)));
            }
        }
        return Optional.empty();
    }

    public KeyId keyId(Vault vault, String name, String version) {
        return new KeyId(authority(vault), name, version);
    }
}
