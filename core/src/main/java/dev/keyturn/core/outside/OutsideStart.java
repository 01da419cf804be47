package dev.keyturn.core.outside;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.people.GroupName;
import dev.keyturn.core.people.Outside;
import dev.keyturn.core.people.PersonGroup;
import dev.keyturn.core.people.PersonGroupStore;
import dev.keyturn.core.people.PersonStore;
import dev.keyturn.core.tx.Transactions;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a start does about who signs people in. The groups that the provider says are made where they are missing, so that
 * they can be given roles before anybody comes. Where another one signs people in than at the start before, everybody is
 * signed out: what was begun by a way that is closed now goes on nowhere. The server does it by itself; it is recorded so.
 */
public final class OutsideStart {
    private static final String BY = "people-sign-in-at";

    private static final Logger LOG = LoggerFactory.getLogger(OutsideStart.class);

    private final Parts parts;
    private final Outside outside;
    private final Scope subscription;

    /** What it stands on. */
    public record Parts(
            Transactions transactions,
            PersonStore people,
            PersonGroupStore groups,
            Settings settings,
            Doors doors,
            Clock clock,
            HsmAdministrators administrators) {}

    public OutsideStart(Parts parts, Outside outside, Scope subscription) {
        this.parts = parts;
        this.outside = outside;
        this.subscription = subscription;
    }

    /** Before anybody is let in. */
    public void ensure() {
        String now = outside.issuer().orElse("");
        String before =
                parts.transactions().read(tx -> parts.settings().find(tx, BY).orElse(""));
        if (!before.equals(now)) {
            parts.doors()
                    .act(
                            server(),
                            parts.doors().roles(Action.SIGN_OUT, FromOutside.PEOPLE),
                            permit -> permit.on("/people").write(tx -> {
                                parts.people().signOutAll(tx);
                                parts.settings().put(tx, BY, now);
                                return now;
                            }));
            changed(before).forEach(LOG::warn);
        }
        warnings().forEach(LOG::warn);
        outside.groups().forEach(this::ensure);
    }

    /** What a start that changes who signs people in leaves to be looked after. */
    private List<String> changed(String before) {
        return outside.signsIn()
                ? List.of()
                : List.of("People sign in here again and no more at " + before
                        + ": passwords and passkeys from before are good again.");
    }

    /** What is to be looked after at every start: it may have come about since the one before. */
    List<String> warnings() {
        if (!outside.signsIn()) {
            return List.of();
        }
        List<String> unreachable = parts.transactions().read(parts.administrators()::unreachable);
        return unreachable.isEmpty()
                ? List.of()
                : List.of(
                        "Managed HSM '" + String.join("', '", unreachable) + "' has no administrator but people who do"
                                + " not sign in at " + outside.issuer().orElseThrow()
                                + ", and nobody can give these a link. Start without --oidc-issuer and make somebody else"
                                + " administrator there: a program, or a group of that provider.");
    }

    private void ensure(GroupName name) {
        if (parts.transactions().read(tx -> parts.groups().find(tx, name)).isPresent()) {
            return;
        }
        parts.doors()
                .act(
                        server(),
                        Action.PERSON_GROUP_WRITE,
                        subscription,
                        permit -> permit.write(tx -> {
                            PersonGroup made = new PersonGroup(
                                    new PrincipalId(UUID.randomUUID()),
                                    name,
                                    "",
                                    parts.clock().instant(),
                                    outside.issuer().orElseThrow());
                            permit.on("/groups/" + made.id());
                            if (parts.groups().insert(tx, made).missed()) {
                                permit.nothing();
                            }
                            return made;
                        }));
    }

    private static Call server() {
        return Call.server(Call.SERVER, UUID.randomUUID());
    }
}
