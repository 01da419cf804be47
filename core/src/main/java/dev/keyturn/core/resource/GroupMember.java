package dev.keyturn.core.resource;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ArmId;

/** Deletes the resources of one type when the group they are in is deleted. */
public interface GroupMember {
    boolean owns(String type);

    /**
     * Deletes the resource or begins a durable operation that does, and records that; what is gone already is fine.
     *
     * @param call of whoever asked for the group's deletion; decided with that, so no roles are asked for
     * @throws dev.keyturn.core.model.DomainException where it cannot be deleted, saying why
     */
    void delete(Call call, ArmId id);
}
