package dev.keyturn.core.diskset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.envelope.KeyFacts;
import dev.keyturn.core.envelope.KeyGuard;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** R2, R8: which key versions a confidential set takes, one test per rule of Azure's documented sample. */
class ConfidentialKeyRulesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final KeyId KEY = new KeyId("v.vault.x", "k", "0123456789abcdef0123456789abcdef");
    private static final Set<String> BOTH = Set.of("wrapKey", "unwrapKey");
    private static final Set<String> ALL = Set.of("get", "wrapKey", "unwrapKey");

    private static KeyFacts facts(
            String type,
            int bits,
            boolean enabled,
            Optional<Instant> nbf,
            Optional<Instant> exp,
            Set<String> ops,
            boolean exportable,
            boolean hsm,
            boolean premium,
            boolean purge,
            String location,
            Set<String> permitted) {
        return new KeyFacts(
                type,
                bits,
                enabled,
                nbf,
                exp,
                ops,
                exportable,
                exportable,
                guard(hsm),
                premium,
                purge,
                location,
                permitted);
    }

    private static KeyGuard guard(boolean hsm) {
        return new KeyGuard(hsm ? KeyGuard.Kind.LOCAL_ROLES : KeyGuard.Kind.ROLES, "kv");
    }

    private static KeyFacts good() {
        return facts(
                "RSA-HSM",
                3072,
                true,
                Optional.empty(),
                Optional.empty(),
                BOTH,
                true,
                false,
                true,
                true,
                "westeurope",
                ALL);
    }

    private static List<String> codes(KeyFacts facts) {
        return ConfidentialKeyRules.problems(KEY, Optional.of(facts), "West Europe", NOW).stream()
                .map(ErrorInfo::code)
                .toList();
    }

    @Test
    void aKeyThatKeepsAllRules_isTaken_fromVaultAndHsm_R8() {
        assertThat(codes(good())).isEmpty();
        assertThat(codes(facts(
                        "RSA-HSM",
                        2048,
                        true,
                        Optional.empty(),
                        Optional.empty(),
                        BOTH,
                        true,
                        true,
                        false,
                        true,
                        "westeurope",
                        ALL)))
                .isEmpty();
    }

    @Test
    void aMissingKey_isNamed() {
        assertThat(ConfidentialKeyRules.problems(KEY, Optional.empty(), "westeurope", NOW))
                .singleElement()
                .satisfies(p -> assertThat(p.message()).contains(KEY.url()));
    }

    @Test
    void everyBrokenRule_isReportedAtOnce() {
        KeyFacts bad = facts(
                "RSA",
                1024,
                false,
                Optional.of(NOW.plusSeconds(1)),
                Optional.of(NOW),
                Set.of(),
                false,
                false,
                false,
                false,
                "eastus",
                Set.of());
        assertThat(codes(bad))
                .containsExactly(
                        "KeyTypeNotSupported",
                        "KeyVaultKeyNotEnabled",
                        "KeyNotYetValid",
                        "KeyExpired",
                        "KeyOperationNotAllowed",
                        "KeyOperationNotAllowed",
                        "KeyNotExportable",
                        "KeyVaultSkuNotSupported",
                        "KeyVaultNotPurgeProtectionEnabled",
                        "KeyVaultAndDiskInDifferentRegions",
                        "KeyVaultAccessForbidden");
    }

    @Test
    void aKeyAtTheEdgesOfItsTimes_isTaken() {
        assertThat(codes(facts(
                        "RSA-HSM",
                        4096,
                        true,
                        Optional.of(NOW),
                        Optional.of(NOW.plusMillis(1)),
                        BOTH,
                        true,
                        false,
                        true,
                        true,
                        "westeurope",
                        ALL)))
                .isEmpty();
    }
}
