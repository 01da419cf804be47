package dev.keyturn.server.portal.vaults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.vault.AccessPolicy;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PoliciesTest {
    private static final UUID TENANT = new UUID(1, 2);
    private static final PrincipalId HOLDER = new PrincipalId(new UUID(3, 4));

    @Test
    void now_ofPoliciesWithTheSameHashCode_differs() {
        AccessPolicy one = policy(List.of("get"), "Aa");
        AccessPolicy other = policy(List.of("get"), "BB");
        assertThat(one.toString().hashCode()).isEqualTo(other.toString().hashCode());

        assertThat(Policies.now(one)).isNotEqualTo(Policies.now(other));
    }

    @Test
    void now_changesWithEachKindOfPermission() {
        assertThat(Policies.now(policy(List.of("get"), "get")))
                .isEqualTo(Policies.now(policy(List.of("get"), "get")))
                .isNotEqualTo(Policies.now(policy(List.of("get", "wrapKey"), "get")))
                .isNotEqualTo(Policies.now(policy(List.of("get"), "list")));
    }

    private static AccessPolicy policy(List<String> keys, String secret) {
        return new AccessPolicy(TENANT, HOLDER, Optional.empty(), keys, List.of(secret), List.of(), List.of());
    }
}
