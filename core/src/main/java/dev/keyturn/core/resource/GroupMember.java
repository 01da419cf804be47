package dev.keyturn.core.resource;

import dev.keyturn.core.model.ArmId;

/** Deletes the resources of one type when the group they are in is deleted. */
public interface GroupMember {
    boolean owns(String type);

    /**
     * Deletes the resource or begins a durable operation that does; what is gone already is fine.
     *
     * @throws dev.keyturn.core.model.DomainException where it cannot be deleted, saying why
     */
    void delete(ArmId id, String requestedBy);
}
