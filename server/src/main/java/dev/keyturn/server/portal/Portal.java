package dev.keyturn.server.portal;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.people.SignIn;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.node.Node;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.identity.SignInLimits;
import java.security.SecureRandom;
import java.time.Clock;

/** Every page of the portal, over the services of a node. */
public final class Portal {
    private final Entry entry;
    private final Assets assets = new Assets();
    private final Node node;
    private final Parts parts;

    /** What the pages stand on beside the node. */
    public record Parts(
            SignIn signIn, Subscription subscription, SignInLimits limits, SecureRandom random, Clock clock) {}

    public Portal(Node node, Parts parts) {
        this.node = node;
        this.parts = parts;
        this.entry = new Entry(parts.signIn(), new Html(), assets);
    }

    public void addTo(Routes routes) {
        assets.addTo(routes);
        new SignInPages(entry, parts.signIn(), parts.limits(), parts.random()).addTo(routes);
        new OverviewPages(entry, node.services().sets(), parts.subscription(), parts.clock()).addTo(routes);
        new PeoplePages(entry, node.people(parts.subscription())).addTo(routes);
        entry.page(routes, "/portal/{rest*}", _ -> {
            throw new DomainError.NotFound(ErrorInfo.of("NotFound", "The portal has no such page.")).asException();
        });
    }
}
