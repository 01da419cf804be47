package dev.keyturn.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An id of Azure Resource Manager: a root (the tenant, a subscription, a resource group) and behind it any number of
 * providers, each with a resource of its namespace and that one's children:
 *
 * <pre>
 * [/subscriptions/S[/resourceGroups/G]] {/providers/NAMESPACE {/TYPE/NAME}}
 * </pre>
 *
 * So a child ({@code .../vaults/v/keys/k}), an extension ({@code .../providers/Microsoft.Authorization/roleAssignments/a}
 * behind any id) and what a subscription has without a group ({@code
 * /subscriptions/S/providers/Microsoft.Compute/locations/L/operations/O}) are ids too. Ids are read by position: a group or
 * a resource may have any name, {@code providers} too.
 *
 * <p>Ids compare without regard to case, as Azure's do. They print as they were written when the resource was created,
 * with {@code subscriptions}, {@code resourceGroups} and {@code providers} in Azure's spelling. No part is empty or has
 * a slash, so what is printed is read as the same id. Immutable.
 */
public final class ArmId {
    public static final String GROUP_TYPE = "Microsoft.Resources/resourceGroups";
    public static final String SUBSCRIPTION_TYPE = "Microsoft.Resources/subscriptions";
    public static final String TENANT_TYPE = "Microsoft.Resources/tenants";

    /** {@code /}, which is above all subscriptions. */
    public static final ArmId TENANT = new ArmId(new ArmRoot.Tenant(), List.of());

    private final ArmRoot root;
    private final List<ArmProvider> providers;
    private final String type;
    private final String text;

    /** The longest id that a path begins with, and the path's segments behind it: a type, an action. */
    public record Prefix(ArmId id, List<String> rest) {
        public Prefix {
            rest = List.copyOf(rest);
        }
    }

    ArmId(ArmRoot root, List<ArmProvider> providers) {
        this.root = root;
        this.providers = List.copyOf(providers);
        this.type = providers.isEmpty()
                ? switch (root) {
                    case ArmRoot.Tenant _ -> TENANT_TYPE;
                    case ArmRoot.Subscription _ -> SUBSCRIPTION_TYPE;
                    case ArmRoot.Group _ -> GROUP_TYPE;
                }
                : providers.getLast().type();
        this.text = print(root, providers);
    }

    /**
     * A resource directly in a group.
     *
     * @param type {@code NAMESPACE/TYPE}
     * @throws IllegalArgumentException where a part is empty or has a slash, or the type has not these two parts
     */
    public ArmId(String subscription, String resourceGroup, String type, String name) {
        this(new ArmRoot.Group(subscription, resourceGroup), List.of(provider(type, name)));
    }

    public static ArmId subscription(String id) {
        return new ArmId(new ArmRoot.Subscription(id), List.of());
    }

    public static ArmId group(String subscription, String name) {
        return new ArmId(new ArmRoot.Group(subscription, name), List.of());
    }

    /** The id in {@code text}, doubled and trailing slashes forgiven; empty where it is not one. */
    public static Optional<ArmId> parse(String text) {
        return ArmIdParser.parse(text);
    }

    /** As {@link #parse}, but empty also where the id is neither a group's nor that of a resource directly in one. */
    public static Optional<ArmId> parseHead(String text) {
        return parse(text).filter(ArmId::isHead);
    }

    /** What keeps {@code text} from being an id, as the end of a sentence; empty where it is one. */
    public static Optional<String> problem(String text) {
        return ArmIdParser.problem(text);
    }

    /** Reads a request's path, which begins with an id and may go on. */
    public static Prefix longest(String path) {
        return ArmIdParser.longest(path);
    }

    /**
     * What a provider has at this id: a resource of the subscription or group, an extension of the resource.
     *
     * @param type {@code NAMESPACE/TYPE}
     * @throws IllegalArgumentException as the constructor
     */
    public ArmId resource(String type, String name) {
        List<ArmProvider> all = new ArrayList<>(providers);
        all.add(provider(type, name));
        return new ArmId(root, all);
    }

    /** The resource's child; a subscription or a group has none. */
    public ArmId child(String type, String name) {
        List<ArmProvider> all = new ArrayList<>(providers);
        if (all.isEmpty()) {
            throw new IllegalStateException(this + " is no resource, so it has no children");
        }
        ArmProvider last = all.removeLast();
        List<ArmProvider.Level> levels = new ArrayList<>(last.levels());
        levels.add(new ArmProvider.Level(type, name));
        all.add(new ArmProvider(last.namespace(), levels));
        return new ArmId(root, all);
    }

    public ArmRoot root() {
        return root;
    }

    /** The providers behind the root; none where this is a tenant, a subscription or a group. */
    public List<ArmProvider> providers() {
        return providers;
    }

    /** @throws IllegalStateException for an id of the tenant: {@link #root} says which it is */
    public String subscription() {
        return switch (root) {
            case ArmRoot.Subscription s -> s.id();
            case ArmRoot.Group g -> g.subscription();
            case ArmRoot.Tenant _ -> throw new IllegalStateException(this + " is in no subscription");
        };
    }

    /** The name of the resource group that this is, or is in; @throws IllegalStateException where there is none. */
    public String resourceGroup() {
        if (root instanceof ArmRoot.Group g) {
            return g.name();
        }
        throw new IllegalStateException(this + " is in no resource group");
    }

    /** The group that this is, or is in; @throws IllegalStateException where there is none. */
    public ArmId group() {
        return isGroup() ? this : group(subscription(), resourceGroup());
    }

    /** {@code NAMESPACE/TYPE}, for a child with all the types down to its own ({@code Microsoft.KeyVault/vaults/keys}). */
    public String type() {
        return type;
    }

    /** The last part: a resource's own name, a group's name, a subscription's id; empty for the tenant. */
    public String name() {
        if (!providers.isEmpty()) {
            return providers.getLast().levels().getLast().name();
        }
        return switch (root) {
            case ArmRoot.Tenant _ -> "";
            case ArmRoot.Subscription s -> s.id();
            case ArmRoot.Group g -> g.name();
        };
    }

    public boolean isGroup() {
        return providers.isEmpty() && root instanceof ArmRoot.Group;
    }

    public boolean hasType(String other) {
        return type.equalsIgnoreCase(other);
    }

    /** Whether this is a group or a resource directly in one: what has a head row. */
    public boolean isHead() {
        return root instanceof ArmRoot.Group
                && (providers.isEmpty()
                        || (providers.size() == 1
                                && providers.getFirst().levels().size() == 1));
    }

    /** The group or the resource directly in one that this is, or belongs to; empty for what is in no group. */
    public Optional<ArmId> head() {
        if (isHead()) {
            return Optional.of(this);
        }
        if (!(root instanceof ArmRoot.Group)) {
            return Optional.empty();
        }
        ArmProvider first = providers.getFirst();
        return Optional.of(new ArmId(
                root,
                List.of(new ArmProvider(
                        first.namespace(), List.of(first.levels().getFirst())))));
    }

    /** What is directly above: a child's parent, what an extension extends, a group's subscription; none above the tenant. */
    public Optional<ArmId> parent() {
        if (providers.isEmpty()) {
            return switch (root) {
                case ArmRoot.Tenant _ -> Optional.empty();
                case ArmRoot.Subscription _ -> Optional.of(TENANT);
                case ArmRoot.Group g -> Optional.of(subscription(g.subscription()));
            };
        }
        List<ArmProvider> all = new ArrayList<>(providers);
        ArmProvider last = all.removeLast();
        if (last.levels().size() > 1) {
            all.add(new ArmProvider(
                    last.namespace(), last.levels().subList(0, last.levels().size() - 1)));
        }
        return Optional.of(new ArmId(root, all));
    }

    /** The lower-case form by which the store keys and compares. */
    public String key() {
        return text.toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean equals(Object other) {
        // Mostly written alike, and asked for every artifact of a rotation.
        return other instanceof ArmId that && (text.equals(that.text) || key().equals(that.key()));
    }

    @Override
    public int hashCode() {
        return key().hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    private static ArmProvider provider(String type, String name) {
        int slash = type.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("a type is NAMESPACE/TYPE, not '" + type + "'");
        }
        return new ArmProvider(
                type.substring(0, slash), List.of(new ArmProvider.Level(type.substring(slash + 1), name)));
    }

    private static String print(ArmRoot root, List<ArmProvider> providers) {
        StringBuilder out = new StringBuilder(128);
        switch (root) {
            case ArmRoot.Tenant _ -> {}
            case ArmRoot.Subscription s -> out.append("/subscriptions/").append(s.id());
            case ArmRoot.Group g ->
                out.append("/subscriptions/")
                        .append(g.subscription())
                        .append("/resourceGroups/")
                        .append(g.name());
        }
        for (ArmProvider provider : providers) {
            out.append("/providers/").append(provider.namespace());
            for (ArmProvider.Level level : provider.levels()) {
                out.append('/').append(level.type()).append('/').append(level.name());
            }
        }
        return out.isEmpty() ? "/" : out.toString();
    }
}
