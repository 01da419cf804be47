package dev.keyturn.core.diskset;

import dev.keyturn.core.envelope.KeyFacts;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.model.Region;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a key version must be to serve a confidential disk encryption set, after Azure's documented sample: {@code
 * RSA-HSM} of 2048, 3072 or 4096 bit, enabled, inside nbf/exp, allowed to wrap and unwrap, exportable with a release
 * policy, in a premium vault or a managed HSM with purge protection in the set's region, and open to the set's identity.
 */
public final class ConfidentialKeyRules {
    /** The code of a problem that a role for the set's identity solves. */
    public static final String NO_ACCESS = "KeyVaultAccessForbidden";

    private static final Set<Integer> SIZES = Set.of(2048, 3072, 4096);
    private static final List<String> NEEDED = List.of("get", "wrapKey", "unwrapKey");

    private ConfidentialKeyRules() {}

    /** Every rule that the key version breaks; empty where it may be used. */
    public static List<ErrorInfo> problems(KeyId key, Optional<KeyFacts> found, String location, Instant now) {
        return Stream.concat(ofKey(key, found, location, now).stream(), access(key, found).stream())
                .toList();
    }

    /** As {@link #problems}, without what the set's identity may do: what is wrong with the key, whoever asks. */
    static List<ErrorInfo> ofKey(KeyId key, Optional<KeyFacts> found, String location, Instant now) {
        if (found.isEmpty()) {
            return List.of(problem(key, "KeyVaultKeyNotFound", "does not exist on this server, or is deleted"));
        }
        KeyFacts facts = found.get();
        List<ErrorInfo> problems = new ArrayList<>();
        if (!facts.keyType().equals("RSA-HSM") || !SIZES.contains(facts.bits())) {
            problems.add(problem(
                    key,
                    "KeyTypeNotSupported",
                    "is of type " + facts.keyType() + (facts.bits() > 0 ? " with " + facts.bits() + " bit" : "")
                            + "; a confidential disk encryption set takes RSA-HSM of 2048, 3072 or 4096 bit"));
        }
        if (!facts.enabled()) {
            problems.add(problem(key, "KeyVaultKeyNotEnabled", "is disabled"));
        }
        facts.notBefore()
                .filter(now::isBefore)
                .ifPresent(t -> problems.add(problem(key, "KeyNotYetValid", "is not valid before " + t)));
        facts.expires()
                .filter(t -> !now.isBefore(t))
                .ifPresent(t -> problems.add(problem(key, "KeyExpired", "expired at " + t)));
        for (String operation : List.of("wrapKey", "unwrapKey")) {
            if (!facts.operations().contains(operation)) {
                problems.add(problem(key, "KeyOperationNotAllowed", "does not have the key operation " + operation));
            }
        }
        if (!facts.exportable() || !facts.hasReleasePolicy()) {
            problems.add(problem(
                    key, "KeyNotExportable", "is not exportable with a release policy, which a confidential VM needs"));
        }
        if (!facts.inManagedHsm() && !facts.premiumVault()) {
            problems.add(problem(
                    key,
                    "KeyVaultSkuNotSupported",
                    "is in a vault of SKU standard; premium, or a managed HSM, is needed"));
        }
        if (!facts.purgeProtection()) {
            problems.add(problem(key, "KeyVaultNotPurgeProtectionEnabled", "is in a vault without purge protection"));
        }
        if (!new Region(facts.location()).equals(new Region(location))) {
            problems.add(problem(
                    key,
                    "KeyVaultAndDiskInDifferentRegions",
                    "is in region '" + facts.location() + "', the disk encryption set in '" + location + "'"));
        }
        return problems;
    }

    /** That the identity which the facts are about may not use the key; empty where it may, or there is no such key. */
    static Optional<ErrorInfo> access(KeyId key, Optional<KeyFacts> found) {
        return found.flatMap(facts -> {
            List<String> missing =
                    NEEDED.stream().filter(p -> !facts.permitted().contains(p)).toList();
            return Optional.of(missing)
                    .filter(m -> !m.isEmpty())
                    .map(m -> problem(
                            key,
                            NO_ACCESS,
                            "is not open to the disk encryption set's identity: it lacks " + String.join(", ", m) + "; "
                                    + facts.guard().remedyForSet()));
        });
    }

    private static ErrorInfo problem(KeyId key, String code, String what) {
        return ErrorInfo.at(key.url(), code, "Key '" + key.url() + "' " + what + ".");
    }
}
