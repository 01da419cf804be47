package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.vault.AccessPolicy;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.ends.End;
import dev.keyturn.server.portal.ends.Ends;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An access policy taken away, or left without what a set needs: each with a page before it that tells which sets lose
 * their key, and a name that has to be typed.
 */
final class PolicyEnds {
    private static final String KEYS = "keys";

    private final VaultDesk desk;
    private final Policies policies;
    private final Ends ends;

    PolicyEnds(VaultDesk desk, Policies policies) {
        this.desk = desk;
        this.policies = policies;
        this.ends = new Ends(desk.entry());
    }

    void addTo(Routes routes) {
        String one = Policies.AT + "/{of}";
        desk.page(routes, VaultKind.VAULT, one + "/take", v -> ends.page(v, taking(v)));
        desk.form(routes, VaultKind.VAULT, one + "/take", this::take);
        desk.form(routes, VaultKind.VAULT, one + "/change", this::change);
    }

    /** Whether it loses something by which a set may use its key, as far as the person may know. */
    boolean takes(Visitor visitor, Vault vault, AccessPolicy policy, List<String> keys) {
        return !vault.rbac()
                && Policies.OF_A_SET.stream().anyMatch(w -> policy.allows(w) && !keys.contains(w))
                && (policies.unseen(visitor, vault).isPresent()
                        || !policies.entry(visitor, vault, policy).needers().isEmpty());
    }

    /** The page before such a change; only its own form leads on from it. */
    Response before(Visitor visitor, Vault vault, AccessPolicy policy, List<String> keys) {
        return ends.page(visitor, changing(visitor, vault, policy, keys));
    }

    private End changing(Visitor visitor, Vault vault, AccessPolicy policy, List<String> keys) {
        PolicyPage.Entry entry = policies.entry(visitor, vault, policy);
        return end(
                        visitor,
                        vault,
                        entry,
                        "Change the access policy of " + entry.name(),
                        "Change it",
                        "/change?" + KEYS + "=" + Links.part(String.join(",", keys)))
                .saying("It has " + entry.summary() + ". Then it has " + String.join(", ", keys) + ".")
                .by(VaultSteps.policies(
                        visitor, vault, "Change it", "replace", Policies.body(Policies.json(policy, keys))))
                .end();
    }

    private End taking(Visitor visitor) {
        Vault vault = policies.writable(visitor);
        AccessPolicy policy = Policies.asked(visitor, vault);
        PolicyPage.Entry entry = policies.entry(visitor, vault, policy);
        End.Draft end = end(
                        visitor,
                        vault,
                        entry,
                        "Take the access policy of " + entry.name() + " away",
                        "Take it away",
                        "/take")
                .saying("It has " + entry.summary() + ". It can be given again at any time.");
        if (!vault.rbac()) {
            end.saying("What " + entry.name() + " does with keys of " + vault.name() + " is refused from then on.");
        }
        return end.by(VaultSteps.policies(
                        visitor, vault, "Take it away", "remove", Policies.body(Policies.whole(policy))))
                .end();
    }

    private End.Draft end(
            Visitor visitor, Vault vault, PolicyPage.Entry entry, String title, String button, String path) {
        End.Draft end = End.of(
                        Links.VAULTS,
                        List.of(
                                new End.Way(VaultPages.title(VaultKind.VAULT), Links.VAULTS),
                                new End.Way(vault.name(), desk.href(vault)),
                                new End.Way("Access policies", policies.href(vault))),
                        title,
                        button,
                        policies.href(vault) + "/" + entry.of() + path,
                        vault.name())
                .with(
                        entry.needers().stream()
                                .map(set -> new End.Part(
                                        set.name(),
                                        set.href(),
                                        "loses its key: its VMs do not start any more, and those that run are shut"
                                                + " down"))
                                .toList(),
                        entry.now() + "."
                                + entry.needers().stream()
                                        .map(set -> set.href().substring(Links.SETS.length()))
                                        .collect(Collectors.joining(".")));
        policies.unseen(visitor, vault).ifPresent(end::saying);
        return end;
    }

    private Response take(Visitor visitor) {
        Vault vault = policies.writable(visitor);
        return ends.confirmed(visitor, () -> taking(visitor), _ -> {
            policies.change(visitor, vault, "remove", Policies.whole(Policies.asked(visitor, vault)));
            return Html.to(policies.href(vault));
        });
    }

    private Response change(Visitor visitor) {
        Vault vault = policies.writable(visitor);
        Set<String> asked = new HashSet<>(
                Arrays.asList(visitor.request().query(KEYS).orElse("").split(",", -1)));
        List<String> keys = Policies.WORDS.stream().filter(asked::contains).toList();
        if (keys.isEmpty()) {
            return Html.to(policies.href(vault));
        }
        return ends.confirmed(
                visitor,
                () -> {
                    Vault now = policies.writable(visitor);
                    return changing(visitor, now, Policies.asked(visitor, now), keys);
                },
                _ -> {
                    policies.change(visitor, vault, "replace", Policies.json(Policies.asked(visitor, vault), keys));
                    return Html.to(policies.href(vault));
                });
    }
}
