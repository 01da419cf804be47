package dev.keyturn.server.portal.resources;

import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.node.Node;
import dev.keyturn.node.Services;
import dev.keyturn.server.portal.frame.ArmClient;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Rights;
import dev.keyturn.server.portal.frame.Visitor;

/**
 * What these pages stand on. What somebody may is asked here only to know what to offer: the services ask again, and
 * refuse.
 */
public record ResourceDesk(Entry entry, Node node, ArmClient client, Rights rights, Subscription subscription) {
    Services services() {
        return node.services();
    }

    Scope all() {
        return Scope.subscription(subscription.id());
    }

    boolean may(Visitor visitor, Action action, ArmId at) {
        return rights.may(visitor.call(), action, Scope.of(at));
    }

    boolean mayAnywhere(Visitor visitor, Action action) {
        return rights.may(visitor.call(), action, all());
    }

    /** Refuses who may not, before anything is said of what is there. */
    void require(Visitor visitor, Action action, ArmId at) {
        services().doors().require(visitor.call(), action, Scope.of(at));
    }

    /** What the address names, whether there is one or not. */
    ArmId id(Visitor visitor, String type) {
        return new ArmId(
                subscription.id(),
                visitor.request().variable("group"),
                type,
                visitor.request().variable("name"));
    }

    ArmId group(Visitor visitor) {
        return ArmId.group(subscription.id(), visitor.request().variable("group"));
    }
}
