package dev.keyturn.core.resource;

import dev.keyturn.core.identity.ManagedIdentities;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.PrincipalStore;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.Transactions;
import java.util.Optional;
import java.util.function.Function;

/** {@code Microsoft.ManagedIdentity/userAssignedIdentities}: a resource and the principal that is it. Thread-safe. */
public final class UserAssignedIdentityService {
    public static final String TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities";

    private final Transactions transactions;
    private final GenericResourceService resources;
    private final ResourceStore store;
    private final ManagedIdentities identities;
    private final PrincipalStore principals;

    public UserAssignedIdentityService(
            Transactions transactions,
            GenericResourceService resources,
            ResourceStore store,
            ManagedIdentities identities,
            PrincipalStore principals) {
        this.transactions = transactions;
        this.resources = resources;
        this.store = store;
        this.identities = identities;
        this.principals = principals;
    }

    /** The principal lives as long as the resource: a second put keeps it. */
    public Saved put(ArmId id, Precondition when, Function<Optional<Resource>, Draft> change) {
        return transactions.write(tx -> {
            Saved saved = resources.put(tx, id, when, change);
            if (saved.created()) {
                identities.create(tx, saved.resource().id());
            }
            return saved;
        });
    }

    /** The principal that the identity is; empty where there is no such identity (any more). */
    public Optional<Principal> principal(ArmId id) {
        return transactions.read(tx -> principals.findByResource(tx, id));
    }

    /** Deletes the identity and its role assignments; false where there was none. */
    public boolean delete(ArmId id, Precondition when) {
        return transactions.write(tx -> {
            Optional<Resource> present = store.find(tx, id);
            when.check(id, present);
            if (present.isEmpty()) {
                return false;
            }
            identities.delete(tx, present.get().id());
            return store.delete(tx, id);
        });
    }
}
