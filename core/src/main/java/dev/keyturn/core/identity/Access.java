package dev.keyturn.core.identity;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.function.Function;

/**
 * Says what a principal may do. Actions are Azure's names, control plane ({@code
 * Microsoft.Compute/diskEncryptionSets/write}) and data plane ({@code Microsoft.KeyVault/vaults/keys/wrap/action},
 * {@code Microsoft.KeyVault/managedHsm/keys/wrap/action}) alike. Deny by default: only a role assignment allows.
 * Thread-safe; a change of an assignment holds from the next question on.
 */
public interface Access {
    /**
     * Asked inside a transaction of the caller's: nothing can change between the question and what the same transaction
     * does.
     */
    boolean may(Tx tx, PrincipalId who, String action, Scope scope);

    /**
     * Where below the scope the principal's assignments allow something: at these very places and therefore below them,
     * whatever is held above. One indexed read, however many there are; nothing twice, in no order.
     *
     * @param enough of a place the actions of which one is enough there; none where the place does not count
     */
    List<ArmId> allowedBelow(Tx tx, PrincipalId who, Scope scope, Function<ArmId, List<Action>> enough);
}
