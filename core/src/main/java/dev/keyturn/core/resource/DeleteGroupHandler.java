package dev.keyturn.core.resource;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Completion;
import dev.keyturn.core.operation.Lease;
import dev.keyturn.core.operation.NotYetException;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationHandler;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Deletes a group: one kind of resource after the other, in the order of the members it was made with (VMs before
 * their disks, disks before sets, sets before vaults). While deletions of one kind are at work the operation steps
 * back and looks again later, so it holds no worker that they need. What cannot be deleted ends it as failed, with a
 * detail for each, and the group stays.
 */
public final class DeleteGroupHandler implements OperationHandler {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final int PAGE = 500;
    private static final String PRINCIPAL = "principal";

    private final ResourceStore resources;
    private final OperationService operations;
    private final List<GroupMember> members;
    private final Clock clock;

    public DeleteGroupHandler(
            ResourceStore resources, OperationService operations, List<GroupMember> members, Clock clock) {
        this.resources = resources;
        this.operations = operations;
        this.members = List.copyOf(members);
        this.clock = clock;
    }

    @Override
    public OperationKind kind() {
        return OperationKind.DELETE_GROUP;
    }

    @Override
    public Completion run(Operation operation, Lease lease) {
        ArmId group = operation.target();
        List<Resource> contents = lease.read(tx -> contents(tx, group));
        for (GroupMember member : members) {
            List<Resource> mine =
                    contents.stream().filter(r -> member.owns(r.id().type())).toList();
            if (!mine.isEmpty()) {
                delete(operation, lease, member, mine);
            }
        }
        return tx -> finish(tx, operation);
    }

    @Override
    public void failed(Tx tx, Operation operation, ErrorInfo error) {
        resources
                .find(tx, operation.target())
                .ifPresent(g -> resources
                        .update(tx, g.in(ProvisioningState.SUCCEEDED, clock.instant()))
                        .require(g.id()));
    }

    /** What {@link #run} needs to record for whom it deletes. */
    static Map<String, String> arguments(Caller requester) {
        return Map.of(PRINCIPAL, requester.principal().toString());
    }

    /** An operation that an earlier version began does not say which principal asked for it. */
    private static Call call(Operation operation) {
        PrincipalId principal = Optional.ofNullable(operation.arguments().get(PRINCIPAL))
                .flatMap(PrincipalId::parse)
                .orElseGet(Call.SERVER::principal);
        return Call.server(new Caller(principal, operation.requestedBy()), operation.correlation());
    }

    /** Returns once nothing of this member's is left. */
    private void delete(Operation operation, Lease lease, GroupMember member, List<Resource> mine) {
        List<ErrorInfo> refused = new ArrayList<>();
        Map<String, Long> tried = lease.read(tx -> operations.tried(tx, operation.id()));
        Set<ArmId> busy =
                mine.stream().filter(r -> busy(lease, r)).map(Resource::id).collect(Collectors.toSet());
        boolean waiting = !busy.isEmpty();
        for (Resource resource : mine) {
            boolean refusedBefore = tried.getOrDefault(resource.id().key(), -1L).equals(resource.revision());
            if (busy.contains(resource.id()) || (!busy.isEmpty() && refusedBefore)) {
                continue; // what was refused is asked for once more when nothing is under way: each refusal is recorded
            }
            if (triedAndFailed(resource, tried)) {
                refused.add(ErrorInfo.at(
                        resource.id().toString(),
                        "ResourceDeletionFailed",
                        "'" + resource.id().name() + "' could not be deleted. Deleting it alone says why."));
            } else {
                lease.run(tx -> operations.tried(tx, operation.id(), resource.id(), resource.revision()));
                try {
                    member.delete(call(operation), resource.id());
                    waiting = true;
                } catch (DomainException e) {
                    if (e.error() instanceof DomainError.Unavailable) {
                        throw e; // tried again: it may even have been done
                    }
                    ErrorInfo why = e.error().info();
                    refused.add(new ErrorInfo(
                            why.code(), why.message(), Optional.of(resource.id().toString()), why.details()));
                }
            }
        }
        if (!refused.isEmpty() && !waiting) {
            throw blocked(operation.target(), refused);
        }
        List<Resource> left = lease.read(tx -> contents(tx, operation.target())).stream()
                .filter(r -> member.owns(r.id().type()))
                .toList();
        if (!left.isEmpty()) {
            throw new NotYetException(LOOK_AGAIN);
        }
    }

    private boolean busy(Lease lease, Resource resource) {
        return resource.state().busy()
                || lease.read(tx -> operations.running(tx, resource.id()))
                        .filter(o -> o.kind() != OperationKind.VERIFY_DISK_SET) // gives way
                        .isPresent();
    }

    /** A deletion that failed leaves its resource Failed, at a later revision than it was begun at. */
    private static boolean triedAndFailed(Resource resource, Map<String, Long> tried) {
        return resource.state() == ProvisioningState.FAILED
                && resource.revision() > tried.getOrDefault(resource.id().key(), Long.MAX_VALUE);
    }

    private Optional<ErrorInfo> finish(Tx tx, Operation operation) {
        List<ErrorInfo> left = contents(tx, operation.target()).stream()
                .map(r -> ErrorInfo.at(
                        r.id().toString(),
                        "ResourceNotDeletable",
                        "'" + r.id().name() + "' of type " + r.id().type() + " is still in the group."))
                .toList();
        if (left.isEmpty()) {
            boolean gone = resources.delete(tx, operation.target()).hit();
            Hit.of(gone || resources.find(tx, operation.target()).isEmpty()).require(operation.target());
            return Optional.empty();
        }
        ErrorInfo error = blocked(operation.target(), left).error().info();
        failed(tx, operation, error);
        return Optional.of(error);
    }

    private static DomainException blocked(ArmId group, List<ErrorInfo> details) {
        return new DomainError.Conflict(ErrorInfo.at(
                                group.toString(),
                                "ResourceGroupDeletionBlocked",
                                "Deletion of resource group '" + group.name() + "' failed: " + details.size()
                                        + " of its resources could not be deleted: "
                                        + String.join(
                                                " ",
                                                details.stream()
                                                        .limit(10)
                                                        .map(ErrorInfo::message)
                                                        .toList()))
                        .with(details))
                .asException();
    }

    private List<Resource> contents(Tx tx, ArmId group) {
        List<Resource> all = new ArrayList<>();
        Optional<String> after = Optional.empty();
        while (true) {
            List<Resource> page = resources.page(
                    tx, group.subscription(), Optional.of(group.resourceGroup()), Optional.empty(), after, PAGE);
            page.stream().filter(r -> !r.id().isGroup()).forEach(all::add);
            if (page.size() < PAGE) {
                return all;
            }
            after = Optional.of(page.getLast().id().key());
        }
    }
}
