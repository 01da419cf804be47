package dev.keyturn.core.resource;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.ManagedIdentities;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.PrincipalStore;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.FewNames;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * {@code Microsoft.ManagedIdentity/userAssignedIdentities}: a resource and the principal that is it. What takes a {@link
 * Call} asks first whether its caller may. Thread-safe.
 */
public final class UserAssignedIdentityService {
    public static final String TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities";

    private final Transactions transactions;
    private final GenericResourceService resources;
    private final ResourceStore store;
    private final ManagedIdentities identities;
    private final PrincipalStore principals;
    private final BiFunction<Tx, PrincipalId, List<ArmId>> users;
    private final Doors doors;

    /** @param users what uses its keys as a principal, and would lose them with it */
    public UserAssignedIdentityService(
            Transactions transactions,
            GenericResourceService resources,
            ResourceStore store,
            ManagedIdentities identities,
            PrincipalStore principals,
            BiFunction<Tx, PrincipalId, List<ArmId>> users,
            Doors doors) {
        this.transactions = transactions;
        this.resources = resources;
        this.store = store;
        this.identities = identities;
        this.principals = principals;
        this.users = users;
        this.doors = doors;
    }

    /** @throws dev.keyturn.core.model.DomainException {@code ResourceGroupNotFound} or {@code ResourceNotFound} */
    public UserAssignedIdentity get(Call call, ArmId id) {
        Resource found = resources.get(call, id);
        return transactions.read(tx -> identity(tx, found)); // may be deleted since it was read
    }

    /** By id, from after the key {@code after}; a group that is asked for must exist. */
    public List<UserAssignedIdentity> page(
            Call call, String subscription, Optional<String> group, Optional<String> after, int limit) {
        List<Resource> found = resources.ofType(call, TYPE, subscription, group, after, limit);
        return transactions.read(tx -> found.stream()
                .flatMap(r -> principals.findByResource(tx, r.id()).map(p -> new UserAssignedIdentity(r, p)).stream())
                .toList());
    }

    /** The principal lives as long as the resource: a second put keeps it. */
    public UserAssignedIdentity.Saved put(
            Call call, ArmId id, Precondition when, Function<Optional<Resource>, Draft> change) {
        return doors.act(
                call,
                Action.IDENTITY_WRITE,
                Scope.of(id),
                permit -> permit.write(tx -> {
                    Saved saved = resources.put(tx, id, when, change);
                    if (saved.created()) {
                        identities.create(tx, saved.resource().id());
                    }
                    return new UserAssignedIdentity.Saved(identity(tx, saved.resource()), saved.created());
                }));
    }

    /** Changes the identity that is there, as {@link GenericResourceService#change}. */
    public UserAssignedIdentity change(Call call, ArmId id, Precondition when, Function<Resource, Draft> change) {
        return doors.act(
                call,
                Action.IDENTITY_WRITE,
                Scope.of(id),
                permit -> permit.write(tx ->
                        identity(tx, resources.change(tx, id, when, change).resource())));
    }

    private UserAssignedIdentity identity(Tx tx, Resource resource) {
        return principals
                .findByResource(tx, resource.id())
                .map(p -> new UserAssignedIdentity(resource, p))
                .orElseThrow(() -> DomainError.notFound(resource.id()).asException());
    }

    /**
     * Deletes the identity and its role assignments; false where there was none. Refused, naming them, while sets use
     * their keys as it: no VM of theirs could start any more.
     */
    public boolean delete(Call call, ArmId id, Precondition when) {
        return doors.act(
                call,
                Action.IDENTITY_DELETE,
                Scope.of(id),
                permit -> permit.write(tx -> {
                    Optional<Resource> present = store.find(tx, id);
                    when.check(id, present);
                    if (present.isEmpty()) {
                        permit.nothing();
                        return false;
                    }
                    requireUnused(tx, present.get().id());
                    identities.delete(tx, present.get().id());
                    return store.delete(tx, id).hit();
                }));
    }

    private void requireUnused(Tx tx, ArmId id) {
        List<ArmId> sets = identities.of(tx, id).map(p -> users.apply(tx, p)).orElse(List.of());
        List<ErrorInfo> using = sets.stream()
                .map(u -> ErrorInfo.at(
                        u.toString(), "IdentityInUse", "'" + u.name() + "' uses its key as it, or has it assigned."))
                .toList();
        if (!using.isEmpty()) {
            throw DomainError.notAllowed(
                            "Identity '" + id.name() + "' cannot be deleted: " + sets.size()
                                    + " disk encryption sets have it assigned " + FewNames.of(sets, sets.size())
                                    + ". Give them another identity first.",
                            using)
                    .asException();
        }
    }
}
