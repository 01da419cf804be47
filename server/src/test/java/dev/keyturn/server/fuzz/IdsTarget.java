package dev.keyturn.server.fuzz;

import static dev.keyturn.server.fuzz.FuzzTarget.require;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArmRoot;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.model.Region;
import dev.keyturn.core.resource.NameRules;
import dev.keyturn.core.vault.VaultHosts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Ids, one a line: what is read is written as something that reads as the same, and equals are equal in every way. */
final class IdsTarget implements FuzzTarget {
    private static final int MOST = 8;
    private final VaultHosts hosts = new VaultHosts("keyturn.test", 8443);

    @Override
    public void run(byte[] input) {
        List<Object> ids = new ArrayList<>();
        FuzzTarget.text(input).lines().limit(MOST).forEach(line -> {
            resource(line).ifPresent(ids::add);
            key(line).ifPresent(ids::add);
            principal(line);
            scope(line);
            host(line);
            Region region = new Region(line);
            require(new Region(region.name()).equals(region), "a region's name is that of another region");
        });
        for (Object one : ids) {
            for (Object other : ids) {
                boolean equal = one.equals(other);
                require(equal == other.equals(one), "equal in one direction only");
                require(!equal || one.hashCode() == other.hashCode(), "equal, with another hash");
                require(equal == comparable(one).equals(comparable(other)), "equal, but stored as two");
            }
        }
    }

    /** What the store compares by. */
    private static String comparable(Object id) {
        return switch (id) {
            case ArmId arm -> arm.key();
            case KeyId key -> key.reference();
            default -> throw new IllegalStateException();
        };
    }

    private static Optional<ArmId> resource(String text) {
        Optional<ArmId> parsed = ArmId.parse(text);
        parsed.ifPresent(id -> {
            ArmId again = ArmId.parse(id.toString()).orElseThrow(() -> new AssertionError("it cannot be read again"));
            require(again.equals(id) && again.toString().equals(id.toString()), "read again it is another");
            require(
                    again.root().equals(id.root()) && again.providers().equals(id.providers()),
                    "read again it has other parts");
            require(
                    ArmId.parse(FuzzTarget.inOtherLetters(text))
                            .filter(id::equals)
                            .isPresent(),
                    "in other letters it is another resource");
            require(ArmId.parse(id.key()).filter(id::equals).isPresent(), "as it is stored it is another resource");
            if (id.root() instanceof ArmRoot.Group) {
                require(
                        ArmId.parse(id.group().toString())
                                .filter(ArmId::isGroup)
                                .isPresent(),
                        "its group is no group");
                require(id.isGroup() == id.equals(id.group()), "a resource is its own group");
                require(Scope.of(id.group()).covers(Scope.of(id)), "its group's scope is not above it");
            }
            NameRules.broken(id);
        });
        return parsed;
    }

    private static Optional<KeyId> key(String text) {
        Optional<KeyId> parsed = KeyId.parse(text);
        parsed.ifPresent(id -> {
            KeyId again = KeyId.parse(id.url()).orElseThrow(() -> new AssertionError("it cannot be read again"));
            require(again.equals(id) && again.url().equals(id.url()), "read again it is another");
            require(KeyId.parse(id.reference()).filter(id::equals).isPresent(), "as it is stored it is another key");
            String other =
                    FuzzTarget.inOtherLetters(text).replaceFirst("(?i)/keys/", "/keys/"); // this one word is as it is
            require(KeyId.parse(other).filter(id::equals).isPresent(), "in other letters it is another key");
        });
        return parsed;
    }

    private static void principal(String text) {
        PrincipalId.parse(text)
                .ifPresent(id -> require(id.toString().equalsIgnoreCase(text), "'" + text + "' passes for a GUID"));
    }

    private static void scope(String text) {
        boolean hsm = (text + "/").toLowerCase(Locale.ROOT).startsWith("/hsm/");
        if (ArmId.parse(text).isEmpty() && !hsm) {
            try {
                throw new AssertionError("a scope without an id: " + new Scope(text));
            } catch (IllegalArgumentException _) {
                return;
            }
        }
        Scope scope = new Scope(text);
        require(scope.covers(scope), "it does not cover itself");
        require(new Scope(scope.path()).equals(scope), "read again it is another");
        for (Scope above : scope.upwards()) {
            require(above.covers(scope), above + " is above it and does not cover it");
            require(above.equals(scope) || !scope.covers(above), "it covers what is above it");
        }
    }

    private void host(String text) {
        hosts.resolve(text).ifPresent(address -> {
            String own = hosts.authority(address.kind(), address.name());
            require(hosts.resolve(own).filter(address::equals).isPresent(), "its own address is another's");
            require(text.toLowerCase(Locale.ROOT).startsWith(hosts.host(address.kind(), address.name())), "another's");
        });
    }

    @Override
    public Set<String> words() {
        return Set.of(
                "/subscriptions/",
                "/resourceGroups/",
                "/providers/",
                "/keys/k",
                "/Microsoft.Authorization/roleAssignments/",
                "Microsoft.Compute/",
                "Microsoft.Resources/resourceGroups",
                "https://",
                "/keys/",
                ".vault.keyturn.test",
                ".managedhsm.keyturn.test",
                ":8443",
                "11111111-2222-3333-4444-555555555555",
                "0123456789abcdef0123456789abcdef");
    }
}
