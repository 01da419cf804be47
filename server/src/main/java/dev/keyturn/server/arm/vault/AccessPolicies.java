package dev.keyturn.server.arm.vault;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.vault.AccessPolicy;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.json.Fields;
import dev.keyturn.json.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code accessPolicies} on the wire, and what {@code add}, {@code replace} and {@code remove} make of them. */
final class AccessPolicies {
    private static final int MAX = 1024;
    private static final Set<String> KEY_WORDS = Arrays.stream(KeyPermission.values())
            .map(p -> p.policyName().toLowerCase(Locale.ROOT))
            .filter(w -> !w.isEmpty())
            .collect(Collectors.toSet());

    private static final String AT = "properties.accessPolicies[]";

    /** The body of an operation on access policies. */
    static final Shape SHAPE = shape(Shape.resource()).build();

    private AccessPolicies() {}

    static Shape.Builder shape(Shape.Builder body) {
        return body.text(AT + ".tenantId", AT + ".objectId", AT + ".applicationId")
                .texts(AT + ".permissions.keys", AT + ".permissions.secrets")
                .texts(AT + ".permissions.certificates", AT + ".permissions.storage");
    }

    /** The entries of {@code name}; problems go to {@code body}. */
    static List<AccessPolicy> read(Fields body, String name) {
        List<AccessPolicy> out = new ArrayList<>();
        for (Fields entry : body.objects(name)) {
            Optional<UUID> tenant = uuid(entry, "tenantId", true);
            Optional<UUID> principal = uuid(entry, "objectId", true);
            Optional<UUID> application = uuid(entry, "applicationId", false);
            List<String> keys = entry.texts("permissions.keys");
            for (String word : keys) {
                if (!KEY_WORDS.contains(word.toLowerCase(Locale.ROOT)) && !word.equalsIgnoreCase("all")) {
                    entry.problem(
                            "permissions.keys",
                            "'permissions.keys' must hold words out of all, "
                                    + String.join(
                                            ", ", KEY_WORDS.stream().sorted().toList()) + ", not '" + word + "'.");
                }
            }
            List<String> secrets = entry.texts("permissions.secrets");
            List<String> certificates = entry.texts("permissions.certificates");
            List<String> storage = entry.texts("permissions.storage");
            if (tenant.isPresent() && principal.isPresent()) {
                out.add(new AccessPolicy(
                        tenant.get(),
                        new PrincipalId(principal.get()),
                        application,
                        keys,
                        secrets,
                        certificates,
                        storage));
            }
        }
        if (out.size() > MAX) {
            body.problem(name, "There can be at most " + MAX + " access policies.");
        }
        return out;
    }

    static Optional<UUID> uuid(Fields fields, String name, boolean required) {
        Optional<String> text = required ? Optional.of(fields.requiredText(name)) : fields.text(name);
        Optional<UUID> id = text.flatMap(PrincipalId::parse).map(PrincipalId::value);
        if (text.filter(t -> !t.isBlank()).isPresent() && id.isEmpty()) {
            fields.problem(name, "'" + name + "' must be a GUID.");
        }
        return id;
    }

    /** What the vault's entries are after an operation with these. */
    static List<AccessPolicy> apply(String operation, List<AccessPolicy> present, List<AccessPolicy> given) {
        List<AccessPolicy> out = new ArrayList<>(present);
        for (AccessPolicy policy : given) {
            int at = indexOf(out, policy);
            switch (operation) {
                case "add" -> {
                    if (at < 0) {
                        out.add(policy);
                    } else {
                        out.set(at, union(out.get(at), policy));
                    }
                }
                case "replace" -> {
                    if (at < 0) {
                        out.add(policy);
                    } else {
                        out.set(at, policy);
                    }
                }
                default -> {
                    if (at >= 0) {
                        AccessPolicy left = minus(out.remove(at), policy);
                        if (!isEmpty(left) && !isEmpty(policy)) {
                            out.add(at, left);
                        }
                    }
                }
            }
        }
        return out;
    }

    private static int indexOf(List<AccessPolicy> policies, AccessPolicy wanted) {
        for (int i = 0; i < policies.size(); i++) {
            if (policies.get(i).isFor(wanted)) {
                return i;
            }
        }
        return -1;
    }

    private static AccessPolicy union(AccessPolicy a, AccessPolicy b) {
        return new AccessPolicy(
                a.tenant(),
                a.principal(),
                a.application(),
                union(a.keys(), b.keys()),
                union(a.secrets(), b.secrets()),
                union(a.certificates(), b.certificates()),
                union(a.storage(), b.storage()));
    }

    private static List<String> union(List<String> a, List<String> b) {
        Set<String> out = new LinkedHashSet<>(a);
        b.stream().filter(w -> a.stream().noneMatch(w::equalsIgnoreCase)).forEach(out::add);
        return List.copyOf(out);
    }

    private static AccessPolicy minus(AccessPolicy a, AccessPolicy b) {
        return new AccessPolicy(
                a.tenant(),
                a.principal(),
                a.application(),
                minus(a.keys(), b.keys()),
                minus(a.secrets(), b.secrets()),
                minus(a.certificates(), b.certificates()),
                minus(a.storage(), b.storage()));
    }

    private static List<String> minus(List<String> a, List<String> b) {
        return a.stream().filter(w -> b.stream().noneMatch(w::equalsIgnoreCase)).toList();
    }

    private static boolean isEmpty(AccessPolicy p) {
        return p.keys().isEmpty()
                && p.secrets().isEmpty()
                && p.certificates().isEmpty()
                && p.storage().isEmpty();
    }

    static void render(ArrayNode out, List<AccessPolicy> policies) {
        for (AccessPolicy policy : policies) {
            ObjectNode entry = out.addObject()
                    .put("tenantId", policy.tenant().toString())
                    .put("objectId", policy.principal().toString());
            policy.application().ifPresent(a -> entry.put("applicationId", a.toString()));
            ObjectNode permissions = entry.putObject("permissions");
            words(permissions, "keys", policy.keys());
            words(permissions, "secrets", policy.secrets());
            words(permissions, "certificates", policy.certificates());
            words(permissions, "storage", policy.storage());
        }
    }

    private static void words(ObjectNode permissions, String kind, List<String> words) {
        ArrayNode out = permissions.putArray(kind);
        words.forEach(out::add);
    }
}
