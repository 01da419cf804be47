package dev.keyturn.core.vault;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.tx.Tx;
import java.util.Optional;

/** Vaults and managed HSMs by their ARM ids. Thread-safe. */
public record LiveVaults(VaultStore vaults, ResourceGroupService groups) {
    /**
     * The live one with this id.
     *
     * @throws dev.keyturn.core.model.DomainException {@code ResourceGroupNotFound} or {@code ResourceNotFound}
     */
    public Vault require(Tx tx, ArmId id) {
        Optional<Vault> found = vaults.find(tx, id);
        if (found.isEmpty()) {
            groups.requireLive(tx, id);
        }
        return found.orElseThrow(() -> DomainError.notFound(id).asException());
    }
}
