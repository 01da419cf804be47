package dev.keyturn.core.resource;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Stored;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Resources that are kept but have no behaviour here (network interfaces and the like): a document each, at once
 * Succeeded. Also lists the heads of all resources, of whatever type. Thread-safe.
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
    private final Clock clock;

    public GenericResourceService(
            Transactions transactions, ResourceStore resources, ResourceGroupService groups, Clock clock) {
        this.transactions = transactions;
        this.resources = resources;
        this.groups = groups;
        this.clock = clock;
    }

    /** Makes the resource or replaces it; {@code change} as {@link ResourceGroupService#put}. */
    public Saved put(ArmId id, Precondition when, Function<Optional<Resource>, Draft> change) {
        return transactions.write(tx -> put(tx, id, when, change));
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
            Stored.require(resources.update(tx, changed), changed.id());
            return new Saved(changed, false);
        }
        ArmId full = new ArmId(group.subscription(), group.name(), id.type(), id.name());
        Resource made = Resource.created(
                full, draft.location(), draft.tags(), draft.document(), ProvisioningState.SUCCEEDED, clock.instant());
        Stored.require(resources.insert(tx, made), made.id());
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

    /** Where the subscription has resources and groups of any type, each location once. */
    public List<String> locations(String subscription) {
        return transactions.read(tx -> resources.locations(tx, subscription));
    }

    public Optional<Resource> find(ArmId id) {
        return transactions.read(tx -> resources.find(tx, id));
    }

    /** @throws dev.keyturn.core.model.DomainException {@code ResourceGroupNotFound} or {@code ResourceNotFound} */
    public Resource get(ArmId id) {
        return transactions.read(tx -> {
            requireGroup(tx, id);
            return resources
                    .find(tx, id)
                    .orElseThrow(() -> DomainError.notFound(id).asException());
        });
    }

    /** False where there was none; the group must exist. */
    public boolean delete(ArmId id, Precondition when) {
        return transactions.write(tx -> {
            requireGroup(tx, id);
            Optional<Resource> present = resources.find(tx, id);
            when.check(id, present);
            return resources.delete(tx, id);
        });
    }

    /** Heads in the order of their ids, groups among them; a {@code group} that is asked for must exist. */
    public List<Resource> page(
            String subscription, Optional<String> group, Optional<String> type, Optional<String> after, int limit) {
        return transactions.read(tx -> {
            group.ifPresent(g -> requireGroup(tx, ArmId.group(subscription, g)));
            return resources.page(tx, subscription, group, type, after, limit);
        });
    }

    private void requireGroup(Tx tx, ArmId id) {
        if (resources.find(tx, id.group()).isEmpty()) {
            throw DomainError.notFound(id.group()).asException();
        }
    }
}
