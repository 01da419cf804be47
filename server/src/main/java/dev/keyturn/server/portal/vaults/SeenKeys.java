package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.key.KeyEntry;
import dev.keyturn.core.key.KeyVersion;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.List;
import java.util.Optional;

/**
 * The keys of a vault as far as the person sees them: by the right to list keys, or, of a vault, as Azure Resource Manager
 * has them, which gives no right to use them.
 */
record SeenKeys(VaultDesk desk) {
    boolean lists(Visitor visitor, Vault vault) {
        return desk.may(visitor, vault, KeyPermission.LIST, Optional.empty());
    }

    /** By name; none for who may see none. */
    List<KeyEntry> list(Visitor visitor, Vault vault, Optional<String> after, int limit) {
        if (lists(visitor, vault)) {
            return desk.services().keys().keys().list(visitor.call(), vault, after, limit);
        }
        return desk.seesKeyResources(visitor, vault)
                ? desk.services()
                        .keys()
                        .vaultKeys()
                        .page(visitor.call(), vault.resource().id(), after, limit)
                        .found()
                : List.of();
    }

    /** Empty for who may see none. */
    Optional<Long> count(Visitor visitor, Vault vault) {
        if (lists(visitor, vault)) {
            return Optional.of(desk.services().keys().keys().count(visitor.call(), vault));
        }
        return desk.seesKeyResources(visitor, vault)
                ? Optional.of(desk.services()
                        .keys()
                        .vaultKeys()
                        .count(visitor.call(), vault.resource().id()))
                : Optional.empty();
    }

    /**
     * The versions of a key, by their ids.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Forbidden} for who may see none
     */
    List<KeyVersion> versions(Visitor visitor, Vault vault, String name, Optional<String> after, int limit) {
        boolean lists = desk.may(visitor, vault, KeyPermission.LIST, Optional.of(name));
        if (!lists && desk.seesKeyResources(visitor, vault)) {
            return desk.services()
                    .keys()
                    .vaultKeys()
                    .versions(visitor.call(), vault.resource().id(), name, after, limit)
                    .found();
        }
        return desk.services().keys().keys().versions(visitor.call(), vault, name, after, limit);
    }

    /** Empty for who may not see which it is. */
    Optional<KeyVersion> newest(Visitor visitor, Vault vault, String name) {
        if (desk.may(visitor, vault, KeyPermission.GET, Optional.of(name))) {
            return Optional.of(desk.services().keys().keys().get(visitor.call(), vault, name, Optional.empty()));
        }
        return desk.seesKeyResources(visitor, vault)
                ? Optional.of(desk.services()
                        .keys()
                        .vaultKeys()
                        .get(visitor.call(), vault.resource().id(), name, Optional.empty())
                        .found())
                : Optional.empty();
    }
}
