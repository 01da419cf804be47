package dev.keyturn.core.resource;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.tx.Stored;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Resource groups: made and changed at once, deleted with all that is in them by a durable operation. Thread-safe. */
public final class ResourceGroupService {
    private final Transactions transactions;
    private final ResourceStore resources;
    private final OperationService operations;
    private final Clock clock;

    public ResourceGroupService(
            Transactions transactions, ResourceStore resources, OperationService operations, Clock clock) {
        this.transactions = transactions;
        this.resources = resources;
        this.operations = operations;
        this.clock = clock;
    }

    /**
     * Makes the group or changes it. {@code change} is given what is there, runs inside the transaction and must have
     * no effect of its own.
     */
    public Saved put(ArmId group, Precondition when, Function<Optional<Resource>, Draft> change) {
        return transactions.write(tx -> {
            Optional<Resource> present = resources.find(tx, group);
            when.check(group, present);
            Draft draft = change.apply(present);
            if (present.isEmpty()) {
                Resource made = Resource.created(
                        group,
                        draft.location(),
                        draft.tags(),
                        draft.document(),
                        ProvisioningState.SUCCEEDED,
                        clock.instant());
                Stored.require(resources.insert(tx, made), made.id());
                return new Saved(made, true);
            }
            Resource old = present.get();
            requireNotDeleting(old);
            if (!old.location().equals(draft.location())) {
                throw new DomainError.Conflict(ErrorInfo.at(
                                "location",
                                "InvalidResourceGroupLocation",
                                "The resource group '" + old.id().name() + "' already exists in location '"
                                        + old.location() + "', which cannot be changed to '" + draft.location()
                                        + "'."))
                        .asException();
            }
            Resource changed = old.with(draft.tags(), draft.document(), clock.instant());
            Stored.require(resources.update(tx, changed), changed.id());
            return new Saved(changed, false);
        });
    }

    /** @throws dev.keyturn.core.model.DomainException {@code ResourceGroupNotFound} */
    public Resource get(ArmId group) {
        return transactions.read(tx -> find(tx, group));
    }

    public boolean exists(ArmId group) {
        return transactions.read(tx -> resources.find(tx, group)).isPresent();
    }

    /** Groups in the order of their ids, from after the key {@code after}. */
    public List<Resource> page(String subscription, Optional<String> after, int limit) {
        return transactions.read(
                tx -> resources.page(tx, subscription, Optional.empty(), Optional.of(ArmId.GROUP_TYPE), after, limit));
    }

    /** Begins the deletion of the group and all that is in it; joins the one that is at work already. */
    public Operation delete(ArmId group, Precondition when, String requestedBy) {
        return operations.submit(tx -> {
            Resource present = find(tx, group);
            when.check(group, Optional.of(present));
            Optional<Operation> running = operations.running(tx, group);
            if (running.isPresent()) {
                return running.get();
            }
            Stored.require(resources.update(tx, present.in(ProvisioningState.DELETING, clock.instant())), present.id());
            return operations.begin(tx, OperationKind.DELETE_GROUP, present.id(), Map.of(), requestedBy);
        });
    }

    /**
     * The group that a resource is to be made in: refuses one that does not exist or is being deleted. For the
     * transaction that makes the resource.
     */
    public Resource requireLive(Tx tx, ArmId inGroup) {
        Resource group = find(tx, inGroup.group());
        requireNotDeleting(group);
        return group;
    }

    private Resource find(Tx tx, ArmId group) {
        return resources
                .find(tx, group)
                .orElseThrow(() -> DomainError.notFound(group).asException());
    }

    private static void requireNotDeleting(Resource group) {
        if (group.state() == ProvisioningState.DELETING) {
            throw new DomainError.Conflict(ErrorInfo.at(
                            group.id().toString(),
                            "ResourceGroupBeingDeleted",
                            "The resource group '" + group.id().name()
                                    + "' is being deleted. Wait until that has ended."))
                    .asException();
        }
    }
}
