package dev.keyturn.server.portal.access;

import dev.keyturn.core.access.AccessReview;
import dev.keyturn.core.access.Scopes;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.RoleAssignment;
import dev.keyturn.core.identity.RoleAssignments.Grant;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.Guid;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.core.vault.HsmAssignments;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.node.Services;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Place;
import dev.keyturn.server.portal.frame.Rights;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the access pages stand on: one way to role assignments, whether they are at an ARM scope or inside of a managed HSM.
 * The services decide.
 */
public record AccessDesk(
        Entry entry, Services services, AccessReview review, Scopes scopes, Rights rights, Subscription subscription) {
    /** More places than a person chooses from. */
    private static final int PLACES = 100;

    boolean may(Visitor visitor, Action action, Scope at) {
        return rights.may(visitor.call(), action, at);
    }

    /** Those that hold at the scope, and those made below it. */
    List<RoleAssignment> assignments(Call call, Scope scope) {
        return scope.isHsm()
                ? services.hsmAssignments().list(call, place(call, scope), true)
                : services.grants().list(call, scope, true);
    }

    /** Refuses who may not give roles there, before a form is read. */
    void requireGrant(Call call, Scope scope) {
        if (scope.isHsm()) {
            services.hsmAssignments().requireGrant(call, place(call, scope));
        } else {
            services.grants().requireGrant(call, scope);
        }
    }

    void grant(Call call, Grant grant) {
        if (grant.scope().isHsm()) {
            services.hsmAssignments().grant(call, place(call, grant.scope()), grant);
            return;
        }
        if (!scopes.test(grant.scope())) {
            throw DomainError.invalid(
                            "scope",
                            "There is nothing at '" + Place.of(grant.scope()).path()
                                    + "', so no role can be given there.")
                    .asException();
        }
        services.grants().grant(call, grant);
    }

    void revoke(Call call, Scope scope, String name) {
        if (scope.isHsm()) {
            services.hsmAssignments().revoke(call, place(call, scope), name);
            return;
        }
        services.grants().requireRevoke(call, scope);
        boolean there = Guid.parse(name)
                .flatMap(n -> services.grants().revoke(call, scope, n))
                .isPresent();
        if (!there) {
            throw gone(name);
        }
    }

    boolean reads(Visitor visitor, Scope scope) {
        return may(visitor, scope.isHsm() ? Action.HSM_ROLE_ASSIGNMENT_READ : Action.ROLE_ASSIGNMENT_READ, scope);
    }

    /** Every role that somebody holds, anywhere; empty where the person may not know. */
    Optional<CheckPage.Everywhere> everything(Visitor visitor, PrincipalId who) {
        if (!visitor.person().id().equals(who) && !reads(visitor, whole())) {
            return Optional.empty();
        }
        AccessReview.Everything all = review.everything(visitor.call(), who);
        return Optional.of(new CheckPage.Everywhere(
                all.held().stream().map(CheckPages::role).toList(), all.hidden()));
    }

    Scope whole() {
        return Scope.subscription(subscription.id());
    }

    /** Other scopes to look at: the subscription, its groups, the insides of its managed HSMs, as far as one may see them. */
    List<Place> elsewhere(Visitor visitor) {
        List<Scope> all = new ArrayList<>(List.of(whole()));
        if (may(visitor, Action.GROUP_READ, whole())) {
            services.groups().page(visitor.call(), subscription.id(), Optional.empty(), PLACES).stream()
                    .map(Resource::id)
                    .map(Scope::of)
                    .forEach(all::add);
        }
        if (may(visitor, Action.HSM_READ, whole())) {
            services
                    .vaults()
                    .page(
                            visitor.call(),
                            VaultKind.MANAGED_HSM,
                            subscription.id(),
                            Optional.empty(),
                            Optional.empty(),
                            PLACES)
                    .stream()
                    .map(Vault::name)
                    .map(Scope::hsm)
                    .forEach(all::add);
        }
        return all.stream().map(Place::of).toList();
    }

    /** Who has no local role there learns nothing of which managed HSMs there are. */
    private HsmAssignments.Place place(Call call, Scope scope) {
        review.requireRead(call, scope);
        return scope.hsmName()
                .flatMap(name -> services.vaults().named(VaultKind.MANAGED_HSM, name))
                .map(hsm -> new HsmAssignments.Place(hsm, scope))
                .orElseThrow(() -> new DomainError.NotFound(
                                ErrorInfo.of("HsmNotFound", "There is no managed HSM at '" + scope + "'."))
                        .asException());
    }

    private static DomainException gone(String name) {
        return new DomainError.NotFound(ErrorInfo.of(
                        "RoleAssignmentNotFound", "The role assignment '" + name + "' is not there any more."))
                .asException();
    }
}
