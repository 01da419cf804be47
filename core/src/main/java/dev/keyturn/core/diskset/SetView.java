package dev.keyturn.core.diskset;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A set with all that an answer says of it: the key versions other than the active one that artifacts of it are under
 * (none, unless it is split, R5), and the client ids of those of its user-assigned identities that still exist.
 */
public record SetView(DiskEncryptionSet set, List<KeyId> previousKeys, Map<ArmId, UUID> clientIds) {
    public SetView {
        previousKeys = List.copyOf(previousKeys);
        clientIds = Map.copyOf(clientIds);
    }
}
