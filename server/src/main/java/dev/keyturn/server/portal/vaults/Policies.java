package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.access.AccessReview;
import dev.keyturn.core.fleet.KeyUse;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.vault.AccessPolicy;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.json.Json;
import dev.keyturn.server.arm.ETags;
import dev.keyturn.server.portal.frame.ArmClient;
import dev.keyturn.server.portal.frame.Fingerprint;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import dev.keyturn.server.portal.vaults.VaultPage.SetLink;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The access policies of a vault, as pages and clients have them: read, and written one holder at a time. */
final class Policies {
    static final String AT = Links.VAULTS + "/{vault}/policies";
    /** Every key permission that there is. */
    static final List<String> WORDS = Arrays.stream(KeyPermission.values())
            .map(KeyPermission::policyName)
            .filter(w -> !w.isEmpty())
            .distinct()
            .toList();
    /** What the identity of a disk encryption set needs. */
    static final List<String> OF_A_SET = List.of("get", "wrapKey", "unwrapKey");

    private static final String ALL = "all";

    private final VaultDesk desk;
    private final ArmClient client;
    private final AccessReview review;
    private final Losses losses;

    Policies(VaultDesk desk, ArmClient client, AccessReview review) {
        this.desk = desk;
        this.client = client;
        this.review = review;
        this.losses = new Losses(desk);
    }

    /** Once it is known that the person may change its policies. */
    Vault writable(Visitor visitor) {
        Vault vault = desk.vault(visitor, VaultKind.VAULT);
        desk.services()
                .doors()
                .require(
                        visitor.call(),
                        Action.VAULT_POLICIES_WRITE,
                        Scope.of(vault.resource().id()));
        return vault;
    }

    String href(Vault vault) {
        return desk.href(vault) + "/policies";
    }

    static String of(AccessPolicy policy) {
        return policy.principal() + policy.application().map(a -> "." + a).orElse("");
    }

    static Optional<AccessPolicy> named(Vault vault, String of) {
        return vault.policies().stream().filter(p -> of(p).equals(of)).findFirst();
    }

    /** The one that the address names. */
    static AccessPolicy asked(Visitor visitor, Vault vault) {
        return named(vault, visitor.request().variable("of"))
                .orElseThrow(() -> new DomainError.NotFound(ErrorInfo.of(
                                "NotFound", "The vault '" + vault.name() + "' has no such access policy any more."))
                        .asException());
    }

    /** How it is: all that a client would send of it. */
    static String now(AccessPolicy policy) {
        return Fingerprint.of(List.of(json(policy, policy.keys()).toString()));
    }

    /** What to tell who may not see which sets a policy is for; empty where policies decide nothing. */
    Optional<String> unseen(Visitor visitor, Vault vault) {
        return vault.rbac() ? Optional.empty() : losses.unseen(visitor, vault);
    }

    PolicyPage.Entry entry(Visitor visitor, Vault vault, AccessPolicy policy) {
        return entries(visitor, vault, List.of(policy)).getFirst();
    }

    List<PolicyPage.Entry> entries(Visitor visitor, Vault vault, List<AccessPolicy> some) {
        Names names = Names.of(
                visitor, review, some.stream().map(AccessPolicy::principal).toList());
        List<KeyUse> uses = vault.rbac() ? List.of() : losses.sets(visitor, desk.allVersions(vault, ""));
        return some.stream()
                .map(p -> new PolicyPage.Entry(
                        of(p),
                        now(p),
                        names.name(p.principal()),
                        "object id " + p.principal()
                                + p.application()
                                        .map(a -> ", through the application " + a)
                                        .orElse(""),
                        keys(p),
                        others(p),
                        needers(p, uses)))
                .toList();
    }

    /** By the identity that they use, whether it is their own or was assigned to them. */
    private static List<SetLink> needers(AccessPolicy policy, List<KeyUse> uses) {
        return uses.stream()
                .filter(use -> use.principal().equals(policy.principal()))
                .map(KeyUse::set)
                .distinct()
                .map(set -> new SetLink(set.name(), Links.set(set)))
                .toList();
    }

    /** In the order of {@link #WORDS}. */
    private static List<String> keys(AccessPolicy policy) {
        return WORDS.stream().filter(policy::allows).toList();
    }

    private static List<String> others(AccessPolicy policy) {
        return Stream.of(
                        kind("secrets", policy.secrets()),
                        kind("certificates", policy.certificates()),
                        kind("storage", policy.storage()))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<String> kind(String kind, List<String> words) {
        return words.isEmpty() ? Optional.empty() : Optional.of(kind + ": " + String.join(", ", words));
    }

    /** What it has beside key permissions, with these of them. */
    static ObjectNode json(AccessPolicy policy, List<String> keys) {
        ObjectNode out = Json.object()
                .put("tenantId", policy.tenant().toString())
                .put("objectId", policy.principal().toString());
        policy.application().ifPresent(a -> out.put("applicationId", a.toString()));
        ObjectNode permissions = out.putObject("permissions");
        words(permissions, "secrets", policy.secrets());
        words(permissions, "certificates", policy.certificates());
        words(permissions, "storage", policy.storage());
        return giving(out, keys);
    }

    /** {@code policy} with these key permissions. */
    static ObjectNode giving(ObjectNode policy, List<String> keys) {
        words(policy.withObject("permissions"), "keys", keys.equals(WORDS) ? List.of(ALL) : keys);
        return policy;
    }

    /** What takes all of it away: of an entry that names no permission, all are taken. */
    static ObjectNode whole(AccessPolicy policy) {
        ObjectNode whole = json(policy, List.of());
        whole.set("permissions", Json.object());
        return whole;
    }

    private static void words(ObjectNode in, String kind, List<String> words) {
        ArrayNode out = in.putArray(kind);
        words.forEach(out::add);
    }

    static ObjectNode body(ObjectNode policy) {
        ObjectNode body = Json.object();
        body.putObject("properties").putArray("accessPolicies").add(policy);
        return body;
    }

    /** Adds to what is there, whatever it is. */
    void add(Visitor visitor, Vault vault, ObjectNode policy) {
        send(visitor, vault, "add", ArmClient.ALWAYS, policy);
    }

    /** Replaces or removes one, on condition that the vault is as it was read. */
    void change(Visitor visitor, Vault vault, String operation, ObjectNode policy) {
        send(visitor, vault, operation, Map.of("if-match", ETags.of(vault.resource())), policy);
    }

    private void send(
            Visitor visitor, Vault vault, String operation, Map<String, String> condition, ObjectNode policy) {
        int status = client.send(
                        visitor,
                        visitor.call(),
                        "PUT",
                        vault.resource().id() + "/accessPolicies/" + operation,
                        Step.VAULTS,
                        condition,
                        body(policy))
                .status();
        if (status >= 300) {
            throw new IllegalStateException("access policies that were not refused were answered with " + status);
        }
    }
}
