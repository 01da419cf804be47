package dev.keyturn.core.fleet;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;

/**
 * A key version and a set that needs it.
 *
 * @param principal who the set is when it uses its key: its own identity, or one that was assigned to it
 * @param active whether it is the set's active key: new artifacts are put under it
 * @param coming whether a rotation of the set to it is running: the set's artifacts are put under it one after another
 * @param artifacts how many of the set are under it, now or, while the set is rotated, from then on
 */
public record KeyUse(KeyId key, ArmId set, PrincipalId principal, boolean active, boolean coming, long artifacts) {}
