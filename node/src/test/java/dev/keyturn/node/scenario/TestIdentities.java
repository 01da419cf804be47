package dev.keyturn.node.scenario;

import dev.keyturn.core.identity.ManagedIdentities;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.Tx;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Principals in memory. */
final class TestIdentities implements ManagedIdentities {
    private final Map<ArmId, PrincipalId> principals = new ConcurrentHashMap<>();

    @Override
    public PrincipalId create(Tx tx, ArmId resource) {
        PrincipalId made = new PrincipalId(UUID.randomUUID());
        principals.put(resource, made);
        return made;
    }

    @Override
    public Optional<PrincipalId> of(Tx tx, ArmId resource) {
        return Optional.ofNullable(principals.get(resource));
    }

    @Override
    public Optional<UUID> clientId(Tx tx, ArmId resource) {
        return of(tx, resource).map(PrincipalId::value);
    }

    @Override
    public void delete(Tx tx, ArmId resource) {
        principals.remove(resource);
    }

    PrincipalId user(ArmId resource) {
        return principals.computeIfAbsent(resource, r -> new PrincipalId(UUID.randomUUID()));
    }
}
