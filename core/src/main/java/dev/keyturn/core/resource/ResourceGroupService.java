package dev.keyturn.core.resource;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Resource groups: made and changed at once, deleted with all that is in them by a durable operation. Every method that
 * takes a {@link Call} first asks whether its caller may, and refuses as {@code Forbidden} where it may not, before it
 * says whether there is such a group. Thread-safe.
 */
public final class ResourceGroupService {
    private final Transactions transactions;
    private final ResourceStore resources;
    private final OperationService operations;
    private final Doors doors;
    private final Clock clock;

    public ResourceGroupService(
            Transactions transactions, ResourceStore resources, OperationService operations, Doors doors, Clock clock) {
        this.transactions = transactions;
        this.resources = resources;
        this.operations = operations;
        this.doors = doors;
        this.clock = clock;
    }

    /**
     * Makes the group or changes it. {@code change} is given what is there, runs inside the transaction and must have
     * no effect of its own.
     */
    public Saved put(Call call, ArmId group, Precondition when, Function<Optional<Resource>, Draft> change) {
        return doors.act(
                call, Action.GROUP_WRITE, Scope.of(group), permit -> permit.write(tx -> put(tx, group, when, change)));
    }

    /**
     * Changes the group that is there; {@code change} as {@link #put}.
     *
     * @throws dev.keyturn.core.model.DomainException {@code ResourceGroupNotFound}
     */
    public Saved change(Call call, ArmId group, Precondition when, Function<Resource, Draft> change) {
        return doors.act(
                call,
                Action.GROUP_WRITE,
                Scope.of(group),
                permit -> permit.write(tx -> {
                    Resource present = find(tx, group);
                    return put(tx, present.id(), when, _ -> change.apply(present));
                }));
    }

    private Saved put(Tx tx, ArmId group, Precondition when, Function<Optional<Resource>, Draft> change) {
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
            resources.insert(tx, made).require(made.id());
            return new Saved(made, true);
        }
        Resource old = present.get();
        requireNotDeleting(old);
        if (!old.location().equals(draft.location())) {
            throw new DomainError.Conflict(ErrorInfo.at(
                            "location",
                            "InvalidResourceGroupLocation",
                            "The resource group '" + old.id().name() + "' already exists in location '" + old.location()
                                    + "', which cannot be changed to '" + draft.location() + "'."))
                    .asException();
        }
        Resource changed = old.with(draft.tags(), draft.document(), clock.instant());
        resources.update(tx, changed).require(changed.id());
        return new Saved(changed, false);
    }

    /** @throws dev.keyturn.core.model.DomainException {@code ResourceGroupNotFound} */
    public Resource get(Call call, ArmId group) {
        doors.require(call, Action.GROUP_READ, Scope.of(group));
        return get(group);
    }

    public boolean exists(Call call, ArmId group) {
        doors.require(call, Action.GROUP_READ, Scope.of(group));
        return transactions.read(tx -> resources.find(tx, group)).isPresent();
    }

    /** The groups that the caller may read, in the order of their ids, from after the key {@code after}. */
    public List<Resource> page(Call call, String subscription, Optional<String> after, int limit) {
        return transactions.read(tx -> resources.page(
                tx,
                subscription,
                doors.reach(tx, call, Action.GROUP_READ, ArmId.GROUP_TYPE, subscription)
                        .ofGroups(subscription),
                Optional.of(ArmId.GROUP_TYPE),
                after,
                limit));
    }

    /**
     * Reads a list for the caller, in one transaction. One of a group, which must exist, is refused to who may not read
     * all of it. One of the subscription has what the caller may read, which may be nothing, and is refused to nobody, as
     * in Azure.
     *
     * @param action what it takes to read one of the list
     * @param type of what the list has
     * @param look is given what the list is to be of
     */
    public <T> T listing(
            Call call,
            Action action,
            String type,
            String subscription,
            Optional<String> group,
            BiFunction<Tx, Reach, T> look) {
        return group.isPresent()
                ? listing(call, action, ArmId.group(subscription, group.get()), look)
                : transactions.read(tx -> look.apply(tx, doors.reach(tx, call, action, type, subscription)));
    }

    /** A list of one group. */
    <T> T listing(Call call, Action action, ArmId group, BiFunction<Tx, Reach, T> look) {
        doors.require(call, action, Scope.of(group));
        return transactions.read(tx -> {
            requirePresent(tx, group);
            return look.apply(tx, Reach.in(Optional.of(group.name())));
        });
    }

    /** The operation that deletes a group, and where the group is, which the operation's address names. */
    public record Deletion(Operation operation, String location) {}

    /** Begins the deletion of the group and all that is in it; joins the one that is at work already. */
    public Deletion delete(Call call, ArmId group, Precondition when) {
        return doors.act(
                call,
                Action.GROUP_DELETE,
                Scope.of(group),
                permit -> operations.submit(permit, tx -> {
                    Resource present = find(tx, group);
                    when.check(group, Optional.of(present));
                    Optional<Operation> running = operations.running(tx, group);
                    if (running.isPresent()) {
                        permit.nothing();
                        return new Deletion(running.get(), present.location());
                    }
                    resources
                            .update(tx, present.in(ProvisioningState.DELETING, clock.instant()))
                            .require(present.id());
                    Operation begun = operations.begin(
                            permit,
                            tx,
                            OperationKind.DELETE_GROUP,
                            present.id(),
                            DeleteGroupHandler.arguments(call.caller()));
                    return new Deletion(begun, present.location());
                }));
    }

    /**
     * The id of what the caller may write in a group, with the group's name as the group has it; so asked before a body
     * is read.
     *
     * @param write what the caller is to be allowed at {@code id}
     * @throws dev.keyturn.core.model.DomainException {@code Forbidden}, then {@code ResourceGroupNotFound}
     */
    public ArmId place(Call call, Action write, ArmId id) {
        doors.require(call, write, Scope.of(id));
        return transactions.read(tx -> requirePresent(tx, id));
    }

    /**
     * The group, of whoever was allowed to do something in it and needs to know where it is. Asks nobody.
     *
     * @throws dev.keyturn.core.model.DomainException {@code ResourceGroupNotFound}
     */
    public Resource get(ArmId group) {
        return transactions.read(tx -> find(tx, group));
    }

    /**
     * The id of what is in a group, or of a group, as it is to be written: with the group's name as the group has it. To
     * be asked by a service behind the permission and before the resource, inside the transaction that reads or writes it.
     *
     * @param asked a resource at the head of its provider, or a group; whether the resource is there is not looked at
     * @throws dev.keyturn.core.model.DomainException {@code NotFound} {@code ResourceGroupNotFound} where there is no
     *     such group
     */
    public ArmId requirePresent(Tx tx, ArmId asked) {
        ArmId group = find(tx, asked.group()).id();
        return asked.isGroup()
                ? group
                : new ArmId(group.subscription(), group.resourceGroup(), asked.type(), asked.name());
    }

    /**
     * The group that a resource is to be made in. For the transaction that makes the resource.
     *
     * @throws dev.keyturn.core.model.DomainException {@code NotFound} {@code ResourceGroupNotFound}; {@code Conflict}
     *     {@code ResourceGroupBeingDeleted}
     */
    public Resource requireLive(Tx tx, ArmId inGroup) {
        Resource group = find(tx, inGroup.group());
        requireNotDeleting(group);
        return group;
    }

    /**
     * Why a resource is not there, as Azure says it: its group is not, or it is not in its group.
     *
     * @return {@code ResourceGroupNotFound} or {@code ResourceNotFound}
     */
    public DomainException missing(Tx tx, ArmId id) {
        find(tx, id.group());
        return DomainError.notFound(id).asException();
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
