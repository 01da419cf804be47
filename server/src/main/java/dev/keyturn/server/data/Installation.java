package dev.keyturn.server.data;

import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Principals;
import dev.keyturn.core.identity.RoleAssignments;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/**
 * What the first start makes once: tenant, subscription, and the administrator, a service principal that owns the
 * subscription. All of it in one transaction; the administrator's secret, which only {@code client.env} tells, is made
 * whenever that file does not hold one that works, so a first start that was killed anywhere is made good by the next.
 */
public final class Installation {
    private static final String TENANT = "tenant";
    private static final String SUBSCRIPTION = "subscription";
    private static final String ADMINISTRATOR = "administrator";
    private static final String SECRET_AT = "administrator-secret-node";
    private static final String BY = "first start";

    private final Transactions transactions;
    private final Settings settings;
    private final Principals principals;
    private final RoleAssignments assignments;

    public Installation(
            Transactions transactions, Settings settings, Principals principals, RoleAssignments assignments) {
        this.transactions = transactions;
        this.settings = settings;
        this.principals = principals;
        this.assignments = assignments;
    }

    /** The ids of this installation; {@code administrator} is empty once somebody deleted that principal. */
    public record Facts(Subscription subscription, Optional<Principal> administrator) {}

    /** Makes what is not there yet. */
    public Facts ensure() {
        return transactions.write(tx -> {
            String tenant = id(tx, TENANT);
            String subscription = id(tx, SUBSCRIPTION);
            if (settings.find(tx, ADMINISTRATOR).isEmpty()) {
                Principal made = principals.createServicePrincipal(tx, "administrator");
                assignments.grant(
                        tx,
                        BY,
                        new RoleAssignments.Grant(
                                UUID.randomUUID(),
                                Scope.subscription(subscription),
                                Roles.OWNER.id(),
                                made.id(),
                                Optional.of("The first administrator owns the subscription.")));
                settings.put(tx, ADMINISTRATOR, made.id().toString());
            }
            Optional<Principal> administrator =
                    settings.find(tx, ADMINISTRATOR).flatMap(PrincipalId::parse).flatMap(id -> principals.find(tx, id));
            return new Facts(new Subscription(subscription, tenant, "Keyturn"), administrator);
        });
    }

    /**
     * Whether this node is the one that makes the administrator's secret: of several the first, for good, so that none of
     * the others makes one of its own.
     */
    public boolean tells(String node) {
        return transactions.write(tx -> {
            Optional<String> first = settings.find(tx, SECRET_AT);
            if (first.isEmpty()) {
                settings.put(tx, SECRET_AT, node);
            }
            return first.orElse(node).equals(node);
        });
    }

    /** The administrator's secret in the file; empty where it has none that works. */
    public Optional<String> keptSecret(Principal administrator, ClientEnv file) throws IOException {
        return file.secret(administrator.appId().toString())
                .filter(s -> principals.authenticate(administrator.appId(), s).isPresent());
    }

    /** A secret for the administrator: the one in the file where it works, else a new one. */
    public String secret(Principal administrator, ClientEnv file) throws IOException {
        Optional<String> kept = keptSecret(administrator, file);
        return kept.isPresent()
                ? kept.get()
                : transactions
                        .write(tx ->
                                principals.addServiceSecret(tx, administrator.id(), "client.env", Optional.empty()))
                        .text();
    }

    private String id(Tx tx, String name) {
        return settings.find(tx, name).orElseGet(() -> {
            String made = UUID.randomUUID().toString();
            settings.put(tx, name, made);
            return made;
        });
    }
}
