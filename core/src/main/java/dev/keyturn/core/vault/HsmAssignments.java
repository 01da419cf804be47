package dev.keyturn.core.vault;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.RoleAssignment;
import dev.keyturn.core.identity.RoleAssignmentStore;
import dev.keyturn.core.identity.RoleAssignments;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.keycrypto.KeyRefusals;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The local roles that a managed HSM has given, at scopes inside of it: the HSM, all its keys, one key. Every method asks
 * first whether the caller may, by local roles; refusals are in the HSM's words. Thread-safe; must not be called inside a
 * transaction.
 */
public final class HsmAssignments {
    private static final int LONGEST_NAME = 40;

    private final VaultParts parts;
    private final RoleAssignments roles;
    private final RoleAssignmentStore store;

    public HsmAssignments(VaultParts parts, RoleAssignments roles, RoleAssignmentStore store) {
        this.parts = parts;
        this.roles = roles;
        this.store = store;
    }

    /** A scope inside of a managed HSM. */
    public record Place(Vault hsm, Scope scope) {
        /** The scope as the HSM's clients write it: {@code /}, {@code /keys}, {@code /keys/k}. */
        public String local(Scope inside) {
            String path = inside.path().substring(Scope.hsm(hsm.name()).path().length());
            return path.isEmpty() ? "/" : path;
        }
    }

    /** Refuses who may not read which roles there are. */
    public void requireDefinitions(Call call, Place place) {
        parts.doors().require(call, ask(place, Action.HSM_ROLE_DEFINITION_READ));
    }

    /** Refuses who may not read which roles were given there. */
    public void requireRead(Call call, Place place) {
        parts.doors().require(call, ask(place, Action.HSM_ROLE_ASSIGNMENT_READ));
    }

    /** Refuses who may not give roles there, before a body is read. */
    public void requireGrant(Call call, Place place) {
        parts.doors().require(call, ask(place, Action.HSM_ROLE_ASSIGNMENT_WRITE));
    }

    /** Those that hold at the scope, and with {@code below} those made below it. */
    public List<RoleAssignment> list(Call call, Place place, boolean below) {
        requireRead(call, place);
        return parts.transactions().read(tx -> {
            List<RoleAssignment> found =
                    new ArrayList<>(store.at(tx, place.scope().upwards()));
            if (below) {
                found.addAll(store.below(tx, place.scope()));
            }
            return List.copyOf(found);
        });
    }

    /** The assignment of that name at exactly that scope; a name that is no GUID has none. */
    public RoleAssignment get(Call call, Place place, String name) {
        requireRead(call, place);
        return parts.transactions().read(tx -> find(tx, place, name));
    }

    /** @throws DomainException as {@link RoleAssignments#grant} */
    public RoleAssignment grant(Call call, Place place, RoleAssignments.Grant grant) {
        if (!grant.scope().equals(place.scope())) {
            throw new IllegalArgumentException("asked about " + place.scope() + ", and not about " + grant.scope());
        }
        return parts.doors()
                .act(
                        call,
                        ask(place, Action.HSM_ROLE_ASSIGNMENT_WRITE),
                        permit -> permit.on(target(place, grant.name().toString()))
                                .write(tx -> {
                                    requireLive(tx, place.hsm());
                                    return roles.grant(tx, call.caller().name(), grant)
                                            .assignment();
                                }));
    }

    /** Revokes the assignment; it is what there was. */
    public RoleAssignment revoke(Call call, Place place, String name) {
        return parts.doors()
                .act(
                        call,
                        ask(place, Action.HSM_ROLE_ASSIGNMENT_DELETE),
                        permit -> permit.on(target(place, name)).write(tx -> {
                            RoleAssignment present = find(tx, place, name);
                            if (store.delete(tx, present.scope(), present.name())
                                    .missed()) {
                                throw notFound(name);
                            }
                            return present;
                        }));
    }

    private RoleAssignment find(Tx tx, Place place, String name) {
        Optional<UUID> id = PrincipalId.parse(name).map(PrincipalId::value);
        return id.flatMap(n -> store.find(tx, place.scope(), n)).orElseThrow(() -> notFound(name));
    }

    /** Roles given to an HSM that is gone would be those of the next one of its name. */
    private void requireLive(Tx tx, Vault hsm) {
        boolean live = parts.vaults()
                .find(tx, hsm.id())
                .filter(v -> v.deleted().isEmpty())
                .isPresent();
        if (!live) {
            throw KeyRefusals.vaultNotFound(parts.hosts().authority(hsm));
        }
    }

    private static DomainException notFound(String name) {
        String shown = name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "...";
        return new DomainError.NotFound(
                        ErrorInfo.of("RoleAssignmentNotFound", "The role assignment '" + shown + "' is not found."))
                .asException();
    }

    private static String target(Place place, String name) {
        return place.scope() + "/providers/Microsoft.Authorization/roleAssignments/" + name;
    }

    private Ask ask(Place place, Action action) {
        return new Local(place, action);
    }

    private final class Local implements Ask {
        private final Place place;
        private final Action action;

        Local(Place place, Action action) {
            this.place = place;
            this.action = action;
        }

        @Override
        public Action action() {
            return action;
        }

        @Override
        public Scope at() {
            return place.scope();
        }

        @Override
        public Optional<DomainError> refusal(Tx tx, Call call) {
            if (parts.access().may(tx, call.caller().principal(), action.azure(), place.scope())) {
                return Optional.empty();
            }
            String message = "Caller is not authorized to perform action on resource.\r\nCaller: appid="
                    + call.caller().name() + ";oid=" + call.caller().principal() + "\r\nAction: '" + action
                    + "'\r\nScope: '" + place.local(place.scope()) + "'\r\nHSM: "
                    + place.hsm().name() + "\r\n";
            return Optional.of(new DomainError.Forbidden(
                    ErrorInfo.of("Forbidden", message).with(List.of(ErrorInfo.of("ForbiddenByRbac", message)))));
        }
    }
}
