package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.access.AccessReview;
import dev.keyturn.core.access.Holder;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.vault.AccessPolicy;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.json.BadBodyException;
import dev.keyturn.json.Json;
import dev.keyturn.server.http.ErrorStatus;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.ArmClient;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * The access policies of a vault: seen, given, changed, taken away. They are written as clients write them, with {@code
 * accessPolicies/add}, {@code /replace} and {@code /remove}, one holder at a time.
 */
final class PolicyPages {
    private static final String TICK = "key-";
    private static final String CHANGED =
            "Nothing was done: it was changed by somebody else since this page was shown. How it is now is below.";

    private final VaultDesk desk;
    private final AccessReview review;
    private final Policies policies;
    private final PolicyEnds ends;

    PolicyPages(VaultDesk desk, ArmClient client) {
        this.desk = desk;
        this.review = desk.node().accessReview(desk.subscription());
        this.policies = new Policies(desk, client, review);
        this.ends = new PolicyEnds(desk, policies);
    }

    void addTo(Routes routes) {
        desk.page(routes, VaultKind.VAULT, Policies.AT, v -> show(v, 200, "", List.of(), List.of()));
        desk.form(routes, VaultKind.VAULT, Policies.AT, this::save);
        ends.addTo(routes);
    }

    private static Scope at(Vault vault) {
        return Scope.of(vault.resource().id());
    }

    private Response show(Visitor visitor, int status, String who, List<String> ticked, List<String> problems) {
        Vault named = desk.vault(visitor, VaultKind.VAULT);
        Vault vault = desk.services()
                .vaults()
                .get(visitor.call(), VaultKind.VAULT, named.resource().id());
        boolean may = desk.may(visitor, Action.VAULT_POLICIES_WRITE, at(vault));
        PolicyPage page = new PolicyPage(
                vault.name(),
                desk.href(vault),
                policies.href(vault),
                !vault.rbac(),
                policies.unseen(visitor, vault),
                Policies.WORDS,
                policies.entries(visitor, vault, vault.policies()),
                may ? Optional.of(new PolicyPage.Give(who, ticked, some(visitor, vault))) : Optional.empty(),
                problems);
        return desk.entry()
                .html()
                .page(
                        status,
                        "vault-policies",
                        desk.entry()
                                .frame(visitor, "Access policies of " + vault.name(), Links.VAULTS, Optional.empty())
                                .with(
                                        VaultSteps.policies(visitor, vault),
                                        VaultSteps.policies(
                                                visitor,
                                                vault,
                                                "Give a policy, or add to one",
                                                "add",
                                                Policies.body(example(vault)))),
                        page);
    }

    private List<Holder> some(Visitor visitor, Vault vault) {
        return desk.may(visitor, Action.ROLE_ASSIGNMENT_READ, at(vault))
                ? review.suggestions(visitor.call(), at(vault))
                : List.of();
    }

    private Response save(Visitor visitor) {
        Vault vault = policies.writable(visitor);
        Map<String, String> form = visitor.request().form();
        String who = form.getOrDefault("who", "").strip();
        List<String> ticked = Policies.WORDS.stream()
                .filter(w -> form.containsKey(TICK + w.toLowerCase(Locale.ROOT)))
                .toList();
        String of = form.getOrDefault("of", "");
        Optional<AccessPolicy> present = Policies.named(vault, of);
        if (!of.isEmpty()
                && present.map(Policies::now)
                        .filter(form.getOrDefault("was", "")::equals)
                        .isEmpty()) {
            return show(visitor, 409, "", List.of(), List.of(CHANGED));
        }
        List<String> problems = new ArrayList<>();
        if (ticked.isEmpty()) {
            problems.add("Choose at least one key permission. To leave none, take the policy away.");
        }
        try {
            if (present.isPresent()) {
                if (problems.isEmpty()) {
                    return replace(visitor, vault, present.get(), ticked);
                }
            } else {
                ObjectNode fresh = fresh(visitor, vault, who);
                if (problems.isEmpty()) {
                    policies.add(visitor, vault, Policies.giving(fresh, ticked));
                    return Html.to(policies.href(vault));
                }
            }
        } catch (BadBodyException e) {
            problems.addAll(told(ErrorStatus.of(e)));
        } catch (DomainException e) {
            if (e.error() instanceof DomainError.Forbidden) {
                throw e;
            }
            if (e.error() instanceof DomainError.PreconditionFailed) {
                return show(visitor, 409, "", List.of(), List.of(CHANGED));
            }
            problems.addAll(told(e.error()));
        }
        return show(visitor, 400, who, ticked, problems);
    }

    /** At once, unless a set may lose its key by it. */
    private Response replace(Visitor visitor, Vault vault, AccessPolicy policy, List<String> keys) {
        if (ends.takes(visitor, vault, policy, keys)) {
            return ends.before(visitor, vault, policy, keys);
        }
        policies.change(visitor, vault, "replace", Policies.json(policy, keys));
        return Html.to(policies.href(vault));
    }

    private static List<String> told(DomainError error) {
        ErrorInfo info = error.info();
        return info.details().isEmpty()
                ? List.of(info.message())
                : info.details().stream().map(ErrorInfo::message).toList();
    }

    /** Who may read roles there finds people and programs by name; everybody by their object ids. */
    private ObjectNode fresh(Visitor visitor, Vault vault, String who) {
        if (who.isEmpty()) {
            throw DomainError.invalid("who", "Say who gets the policy: a person, a group, a program, or an object id.")
                    .asException();
        }
        PrincipalId id = PrincipalId.parse(who)
                .orElseGet(() -> review.who(visitor.call(), who, at(vault)).id());
        return Json.object().put("tenantId", vault.tenant().toString()).put("objectId", id.toString());
    }

    private static ObjectNode example(Vault vault) {
        return Policies.giving(
                Json.object().put("tenantId", vault.tenant().toString()).put("objectId", "OBJECT-ID"),
                Policies.OF_A_SET);
    }
}
