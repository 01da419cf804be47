package dev.keyturn.core.diskset;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.resource.NameRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can be wrong with a {@link DiskSetSpec} by itself, all of it at once. */
final class DiskSetRules {
    private static final String CONFIDENTIAL = EncryptionType.CONFIDENTIAL_VM.wire();
    private static final String IDENTITY_TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities";
    private static final List<String> VAULT_TYPES =
            List.of("Microsoft.KeyVault/vaults", "Microsoft.KeyVault/managedHSMs");

    private DiskSetRules() {}

    /** A spec whose texts were understood. */
    record Checked(Optional<KeyId> key, Optional<ArmId> sourceVault) {}

    /** @throws dev.keyturn.core.model.DomainException {@code Invalid} with every problem */
    static Checked check(DiskSetSpec spec, Optional<DiskEncryptionSet> present) {
        List<ErrorInfo> problems = new ArrayList<>();
        if (present.isEmpty()) {
            creation(spec, problems);
        }
        encryptionType(spec, present.isPresent(), problems);
        if (spec.rotationToLatestKeyVersion()) {
            problems.add(ErrorInfo.at(
                    "properties.rotationToLatestKeyVersionEnabled",
                    "InvalidParameter",
                    "Automatic key rotation is not supported for a disk encryption set of type " + CONFIDENTIAL
                            + ". Set 'properties.rotationToLatestKeyVersionEnabled' to false and change"
                            + " 'properties.activeKey' when the key is to be rotated."));
        }
        Optional<KeyId> key = key(spec, problems);
        Optional<ArmId> vault = sourceVault(spec, key, problems);
        spec.identity().ifPresent(i -> identity(i, problems));
        if (!problems.isEmpty()) {
            throw DomainError.invalid(problems).asException();
        }
        return new Checked(key, vault);
    }

    private static void creation(DiskSetSpec spec, List<ErrorInfo> problems) {
        NameRules.problem(spec.id()).ifPresent(problems::add);
        if (spec.location().isBlank()) {
            problems.add(DomainError.field("location", "'location' is required."));
        }
        if (spec.identity().isEmpty()) {
            problems.add(DomainError.field(
                    "identity",
                    "'identity' is required: a disk encryption set uses its key through a managed identity, of type"
                            + " SystemAssigned or UserAssigned."));
        }
        if (spec.keyUrl().isEmpty()) {
            problems.add(
                    DomainError.field("properties.activeKey.keyUrl", "'properties.activeKey.keyUrl' is required."));
        }
    }

    private static void encryptionType(DiskSetSpec spec, boolean exists, List<ErrorInfo> problems) {
        String at = "properties.encryptionType";
        if (spec.encryptionType().isEmpty()) {
            if (!exists) {
                problems.add(DomainError.field(
                        at,
                        "'" + at + "' is required and must be " + CONFIDENTIAL + ": without it Azure's default, "
                                + EncryptionType.AT_REST.wire()
                                + ", is meant, and only confidential sets are served."));
            }
            return;
        }
        String type = spec.encryptionType().get();
        Optional<EncryptionType> named = EncryptionType.named(type);
        if (named.filter(EncryptionType::served).isPresent()) {
            return;
        }
        if (exists) {
            problems.add(DomainError.field(
                    at, "'" + at + "' cannot be changed after creation; this set's is " + CONFIDENTIAL + "."));
        } else {
            problems.add(DomainError.field(
                    at,
                    "'" + at + "' is '" + type + "', which is "
                            + (named.isPresent()
                                    ? "not served here: only confidential sets are. Use "
                                    : "not one of Azure's. Use ")
                            + CONFIDENTIAL + "."));
        }
    }

    private static Optional<KeyId> key(DiskSetSpec spec, List<ErrorInfo> problems) {
        if (spec.keyUrl().isEmpty()) {
            return Optional.empty();
        }
        Optional<KeyId> key = KeyId.parse(spec.keyUrl().get());
        if (key.isEmpty()) {
            problems.add(DomainError.field(
                    "properties.activeKey.keyUrl", "'properties.activeKey.keyUrl' must be " + KeyId.FORM + "."));
        }
        return key;
    }

    private static Optional<ArmId> sourceVault(DiskSetSpec spec, Optional<KeyId> key, List<ErrorInfo> problems) {
        if (spec.sourceVault().isEmpty()) {
            return Optional.empty();
        }
        String at = "properties.activeKey.sourceVault.id";
        Optional<ArmId> vault = ArmId.parseHead(spec.sourceVault().get())
                .filter(v -> VAULT_TYPES.stream().anyMatch(v::hasType));
        if (vault.isEmpty()) {
            problems.add(DomainError.field(at, "'" + at + "' must be the id of a vault or a managed HSM."));
        } else if (key.isPresent()
                && !vault.get().name().equalsIgnoreCase(key.get().vault())) {
            problems.add(DomainError.field(
                    at,
                    "'" + at + "' names '" + vault.get().name() + "', but the key is in '"
                            + key.get().authority() + "'. Name the key's own vault, or leave it out."));
        }
        return vault;
    }

    private static void identity(IdentitySpec identity, List<ErrorInfo> problems) {
        boolean user = IdentitySpec.namesUserAssigned(identity.type());
        if (!identity.known()) {
            problems.add(DomainError.field(
                    "identity.type",
                    "'identity.type' must be 'SystemAssigned', 'UserAssigned' or 'SystemAssigned, UserAssigned', not '"
                            + identity.type() + "'."));
        } else if (user && identity.userAssigned().isEmpty()) {
            problems.add(DomainError.field(
                    "identity.userAssignedIdentities",
                    "'identity.userAssignedIdentities' must name an identity where 'identity.type' is "
                            + identity.type() + "; it names none."));
        } else if (!user && !identity.userAssigned().isEmpty()) {
            problems.add(DomainError.field(
                    "identity.userAssignedIdentities",
                    "'identity.userAssignedIdentities' must be absent where 'identity.type' is SystemAssigned."));
        }
        for (ArmId id : identity.userAssigned()) {
            if (!id.hasType(IDENTITY_TYPE)) {
                problems.add(DomainError.field(
                        "identity.userAssignedIdentities", "'" + id + "' is not the id of a " + IDENTITY_TYPE + "."));
            }
        }
    }
}
