package dev.keyturn.core.resource;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Resources that are kept but have no behaviour here (network interfaces and the like): a document each, at once
 * Succeeded. Also lists the heads of all resources, of whatever type. Every method that takes a {@link Call} first asks
 * whether its caller may, and refuses as {@code Forbidden} where it may not. Thread-safe.
 */
public final class GenericResourceService {
    /** The types that are kept so. */
    public static final List<String> OPAQUE = List.of(
            "Microsoft.Network/networkInterfaces",
            "Microsoft.Network/publicIPAddresses",
            "Microsoft.Network/virtualNetworks",
            "Microsoft.Network/networkSecurityGroups");

    private final Transactions transactions;
    private final ResourceStore resources;
    private final ResourceGroupService groups;
    private final Doors doors;
    private final Clock clock;

    public GenericResourceService(
            Transactions transactions, ResourceStore resources, ResourceGroupService groups, Doors doors, Clock clock) {
        this.transactions = transactions;
        this.resources = resources;
        this.groups = groups;
        this.doors = doors;
        this.clock = clock;
    }

    /** Makes the resource or replaces it; {@code change} as {@link ResourceGroupService#put}. */
    public Saved put(Call call, ArmId id, Precondition when, Function<Optional<Resource>, Draft> change) {
        return doors.act(call, write(id), Scope.of(id), permit -> permit.write(tx -> put(tx, id, when, change)));
    }

    /**
     * Changes the resource that is there; {@code change} as {@link ResourceGroupService#change}.
     *
     * @throws dev.keyturn.core.model.DomainException {@code ResourceGroupNotFound} or {@code ResourceNotFound}
     */
    public Saved change(Call call, ArmId id, Precondition when, Function<Resource, Draft> change) {
        return doors.act(call, write(id), Scope.of(id), permit -> permit.write(tx -> change(tx, id, when, change)));
    }

    /** As {@link #change(Call, ArmId, Precondition, Function)}, for who has asked. */
    Saved change(Tx tx, ArmId id, Precondition when, Function<Resource, Draft> change) {
        Resource present = find(tx, id);
        return put(tx, id, when, _ -> change.apply(present));
    }

    /** As {@link #put}, inside a transaction that also writes what hangs on the resource. */
    Saved put(Tx tx, ArmId id, Precondition when, Function<Optional<Resource>, Draft> change) {
        ArmId group = groups.requireLive(tx, id).id();
        Optional<Resource> present = resources.find(tx, id);
        when.check(id, present);
        Draft draft = change.apply(present);
        if (present.isPresent()) {
            requireSameLocation(present.get(), draft);
            Resource changed = present.get().with(draft.tags(), draft.document(), clock.instant());
            resources.update(tx, changed).require(changed.id());
            return new Saved(changed, false);
        }
        ArmId full = new ArmId(group.subscription(), group.name(), id.type(), id.name());
        Resource made = Resource.created(
                full, draft.location(), draft.tags(), draft.document(), ProvisioningState.SUCCEEDED, clock.instant());
        resources.insert(tx, made).require(made.id());
        return new Saved(made, true);
    }

    /** A location is for life. */
    public static void requireSameLocation(Resource present, Draft draft) {
        if (!present.location().equals(draft.location())) {
            throw new DomainError.Conflict(ErrorInfo.at(
                            "location",
                            "InvalidResourceLocation",
                            "The resource '" + present.id().name() + "' already exists in location '"
                                    + present.location() + "' and cannot be made again in '" + draft.location()
                                    + "'."))
                    .asException();
        }
    }

    /** Where the subscription has resources and groups of any type, each location once: no secret, so nobody is asked. */
    public List<String> locations(String subscription) {
        return transactions.read(tx -> resources.locations(tx, subscription));
    }

    /** @throws dev.keyturn.core.model.DomainException {@code ResourceGroupNotFound} or {@code ResourceNotFound} */
    public Resource get(Call call, ArmId id) {
        doors.require(call, read(id.type()), Scope.of(id));
        return transactions.read(tx -> find(tx, id));
    }

    private Resource find(Tx tx, ArmId id) {
        groups.requirePresent(tx, id);
        return resources.find(tx, id).orElseThrow(() -> DomainError.notFound(id).asException());
    }

    /** False where there was none; the group must exist. */
    public boolean delete(Call call, ArmId id, Precondition when) {
        return doors.act(
                call,
                Action.of(id.type() + "/delete"),
                Scope.of(id),
                permit -> permit.write(tx -> {
                    groups.requirePresent(tx, id);
                    Optional<Resource> present = resources.find(tx, id);
                    when.check(id, present);
                    if (present.isEmpty()) {
                        permit.nothing();
                        return false;
                    }
                    return resources.delete(tx, id).hit();
                }));
    }

    /** Resources of one type in the order of their ids; a {@code group} that is asked for must exist. */
    public List<Resource> ofType(
            Call call, String type, String subscription, Optional<String> group, Optional<String> after, int limit) {
        return groups.listing(
                call,
                read(type),
                type,
                subscription,
                group,
                (tx, reach) -> resources.page(tx, subscription, reach, Optional.of(type), after, limit));
    }

    /**
     * Heads in the order of their ids, groups among them; a {@code group} that is asked for must exist. Of the subscription
     * those that the caller may read: all that is in a group where it may list everything, or everything of the type that
     * is asked for, and what it may read by itself.
     */
    public List<Resource> all(
            Call call,
            String subscription,
            Optional<String> group,
            Optional<String> type,
            Optional<String> after,
            int limit) {
        BiFunction<Tx, Reach, List<Resource>> look =
                (tx, reach) -> resources.page(tx, subscription, reach, type, after, limit);
        return group.isPresent()
                ? groups.listing(call, Action.GROUP_RESOURCES_READ, ArmId.group(subscription, group.get()), look)
                : transactions.read(tx -> look.apply(tx, doors.reach(tx, call, subscription, at -> enough(at, type))));
    }

    /** What lets somebody see in a list of everything what is at a place. */
    private static List<Action> enough(ArmId at, Optional<String> type) {
        if (at.isHead() && !at.isGroup()) {
            return type.map(at::hasType).orElse(true) ? readIfKnown(at.type()) : List.of();
        }
        List<Action> all =
                new ArrayList<>(type.map(GenericResourceService::readIfKnown).orElse(List.of()));
        all.add(at.isGroup() ? Action.GROUP_RESOURCES_READ : Action.RESOURCES_READ);
        return all;
    }

    /** A filter, or the scope of a role, may name a type that is not there. */
    private static List<Action> readIfKnown(String type) {
        return Action.find(type + "/read").stream().toList();
    }

    /** How many resources of any type are in a group, which must exist. */
    public long count(Call call, ArmId group) {
        doors.require(call, Action.GROUP_RESOURCES_READ, Scope.of(group));
        return transactions.read(tx -> {
            groups.requirePresent(tx, group);
            return resources.count(tx, group);
        });
    }

    private static Action read(String type) {
        return Action.of(type + "/read");
    }

    /** The action that makes or changes such a resource. */
    static Action write(ArmId id) {
        return Action.of(id.type() + "/write");
    }
}
