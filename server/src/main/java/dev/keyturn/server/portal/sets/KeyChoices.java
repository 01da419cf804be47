package dev.keyturn.server.portal.sets;

import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.key.KeyEntry;
import dev.keyturn.core.key.KeyService;
import dev.keyturn.core.key.KeyVersion;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.frame.Visitor;
import dev.keyturn.server.portal.sets.KeyChoice.Option;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks up, as the person, which keys there are to choose among. */
final class KeyChoices {
    /** More than fits a select; what is not in it can be typed. */
    private static final int LISTED = 200;

    private final SetDesk desk;

    KeyChoices(SetDesk desk) {
        this.desk = desk;
    }

    /**
     * @param chosen the key version that is chosen already
     * @param asked what the selects say; where one of them is there, {@code chosen} counts no more
     */
    KeyChoice of(Visitor visitor, ArmId set, KeyId active, Optional<KeyId> chosen, Asked asked) {
        List<String> words = new ArrayList<>();
        Asked wanted = asked.vault().isPresent()
                ? asked
                : chosen.flatMap(k -> desk.vault(k)
                                .map(v -> new Asked(
                                        Optional.of(value(v)), Optional.of(k.name()), Optional.of(k.version()))))
                        .orElse(asked);
        List<Vault> vaults = vaults(visitor, set, words);
        Optional<Vault> vault = wanted.vault()
                .flatMap(w -> vaults.stream()
                        .filter(v -> value(v).equals(w))
                        .findFirst()
                        .or(() -> named(w)));
        List<Option> vaultOptions = new ArrayList<>(vaults.stream()
                .map(v -> option(v, vault.filter(c -> c.id().equals(v.id())).isPresent()))
                .toList());
        vault.filter(v -> vaults.stream().noneMatch(o -> o.id().equals(v.id())))
                .ifPresent(v -> vaultOptions.add(option(v, true)));
        List<Option> keys =
                vault.map(v -> keys(visitor, v, wanted.name(), words)).orElse(List.of());
        List<Option> versions = vault.flatMap(
                        v -> KeyChoice.selected(keys).map(name -> versions(visitor, v, name, wanted.version(), words)))
                .orElse(List.of());
        Optional<Vault> own = desk.vault(active);
        boolean may = own.filter(v -> desk.may(visitor, v, KeyPermission.ROTATE, active.name()))
                .isPresent();
        return new KeyChoice(may, newVersionWords(own, active, may), vaultOptions, keys, versions, words);
    }

    /** What the selects of a form say. */
    record Asked(Optional<String> vault, Optional<String> name, Optional<String> version) {
        static Asked of(Visitor visitor) {
            return new Asked(value(visitor, "vault"), value(visitor, "name"), value(visitor, "version"));
        }

        private static Optional<String> value(Visitor visitor, String field) {
            return visitor.request().query(field).filter(v -> !v.isBlank());
        }
    }

    /** The key version that is selected, once there is one. */
    Optional<KeyId> selected(KeyChoice choice) {
        return KeyChoice.selected(choice.vaults())
                .flatMap(this::named)
                .flatMap(v -> KeyChoice.selected(choice.keys())
                        .flatMap(name -> KeyChoice.selected(choice.versions())
                                .map(version -> desk.services().vaults().hosts().keyId(v, name, version))));
    }

    private static String newVersionWords(Optional<Vault> own, KeyId active, boolean may) {
        if (own.isEmpty()) {
            return "The present key's vault, " + active.vault() + ", is not there any more. Choose another key.";
        }
        if (may) {
            return "It is made at once, like the latest one, and nothing is under it before you save.";
        }
        return "You may not make a new version of " + active.name() + ". "
                + (own.get().kind() == VaultKind.VAULT
                        ? own.get().rbac()
                                ? "Key Vault Crypto Officer at vault "
                                        + own.get().name() + " allows it."
                                : "The key permission rotate in an access policy of vault "
                                        + own.get().name() + " allows it."
                        : "The local role Managed HSM Crypto User inside "
                                + own.get().name() + " allows it.");
    }

    /** Those of the subscription, or else of the set's group, that the person may list. */
    private List<Vault> vaults(Visitor visitor, ArmId set, List<String> words) {
        List<Vault> all = new ArrayList<>();
        for (VaultKind kind : VaultKind.values()) {
            String subscription = desk.subscription().id();
            if (desk.may(visitor, kind.read(), Scope.subscription(subscription))) {
                all.addAll(listed(visitor, kind, Optional.empty(), words));
            } else if (desk.may(visitor, kind.read(), Scope.of(set.group()))) {
                all.addAll(listed(visitor, kind, Optional.of(set.resourceGroup()), words));
            } else {
                words.add("You may not list " + kind.noun() + "s: Reader at the resource group or the subscription"
                        + " allows it. A key URL can be typed all the same.");
            }
        }
        return all;
    }

    private List<Vault> listed(Visitor visitor, VaultKind kind, Optional<String> group, List<String> words) {
        return told(
                words,
                () -> desk.services()
                        .vaults()
                        .page(visitor.call(), kind, desk.subscription().id(), group, Optional.empty(), LISTED));
    }

    private List<Option> keys(Visitor visitor, Vault vault, Optional<String> wanted, List<String> words) {
        List<KeyEntry> found = told(words, () -> service().list(visitor.call(), vault, Optional.empty(), LISTED));
        if (found.size() == LISTED) {
            words.add("The first " + LISTED + " keys are listed. Type the URL of another one.");
        }
        if (found.isEmpty() && words.isEmpty()) {
            words.add(vault.name() + " has no key yet.");
        }
        return found.stream()
                .map(e -> e.key().name())
                .map(n -> new Option(n, n, wanted.filter(n::equalsIgnoreCase).isPresent()))
                .toList();
    }

    private List<Option> versions(
            Visitor visitor, Vault vault, String name, Optional<String> wanted, List<String> words) {
        List<KeyVersion> found =
                told(words, () -> service().versions(visitor.call(), vault, name, Optional.empty(), LISTED));
        if (found.size() == LISTED) {
            words.add(LISTED + " versions are listed. Type the URL of another one.");
        }
        return found.stream()
                .sorted(Comparator.comparingLong(KeyVersion::sequence).reversed())
                .map(v -> new Option(
                        v.version(),
                        text(vault, v),
                        wanted.filter(v.version()::equalsIgnoreCase).isPresent()))
                .toList();
    }

    private String text(Vault vault, KeyVersion version) {
        return KeyLook.of(service().id(vault, version)).version() + ", made "
                + LocalDate.ofInstant(version.attributes().created(), ZoneOffset.UTC)
                + (version.attributes().enabled() ? "" : ", disabled");
    }

    /** A refusal is told where the list would be: what allows it is its last line. */
    private static <T> List<T> told(List<String> words, Supplier<List<T>> list) {
        try {
            return list.get();
        } catch (DomainException e) {
            String message = e.error().info().message();
            words.add(
                    e.error() instanceof DomainError.Forbidden
                            ? "You may not list what is there. "
                                    + message.lines().reduce((_, last) -> last).orElse(message)
                            : message);
            return List.of();
        }
    }

    private KeyService service() {
        return desk.services().keys().keys();
    }

    private static Option option(Vault vault, boolean selected) {
        return new Option(
                value(vault), vault.name() + (vault.kind() == VaultKind.MANAGED_HSM ? " (managed HSM)" : ""), selected);
    }

    private static String value(Vault vault) {
        return vault.kind().label() + ":" + vault.name().toLowerCase(java.util.Locale.ROOT);
    }

    private Optional<Vault> named(String value) {
        for (VaultKind kind : VaultKind.values()) {
            if (value.startsWith(kind.label() + ":")) {
                return desk.services()
                        .vaults()
                        .named(kind, value.substring(kind.label().length() + 1));
            }
        }
        return Optional.empty();
    }
}
