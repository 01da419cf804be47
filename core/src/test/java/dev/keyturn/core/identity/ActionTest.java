package dev.keyturn.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.keyturn.core.identity.Action.Sort;
import dev.keyturn.core.vault.KeyPermission;
import dev.keyturn.core.vault.VaultKind;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ActionTest {
    @Test
    void names_areUnique_withoutRegardToCase() {
        assertThat(Stream.of(Action.values()).map(a -> a.azure().toLowerCase(Locale.ROOT)))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void name_isProviderTypesAndVerb(Action action) {
        assertThat(action.azure())
                .matches("(Microsoft|Keyturn)\\.[A-Z][A-Za-z]+(/[a-zA-Z]+)+/(read|write|delete|action|create)");
        assertThat(action).hasToString(action.azure());
        assertThat(Action.find(action.azure().toUpperCase(Locale.ROOT))).contains(action);
    }

    @ParameterizedTest
    @EnumSource
    void sort_ofWhatIsReadInName_isRead_ofWhatWritesIsNot(Action action) {
        if (action.azure().endsWith("/read") || action.azure().endsWith("/read/action")) {
            assertThat(action.sort()).isEqualTo(Sort.READ);
        }
        if (action.azure().matches(".*/(write|delete|create|write/action|purge/action)")) {
            assertThat(action.sort()).isEqualTo(Sort.WRITE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyPermissionOnKeys_isAnAction(KeyPermission permission) {
        assertThat(permission.asked(VaultKind.MANAGED_HSM).azure()).isEqualTo(permission.action(VaultKind.MANAGED_HSM));
        if (permission != KeyPermission.RANDOM) {
            assertThat(permission.asked(VaultKind.VAULT).azure()).isEqualTo(permission.action(VaultKind.VAULT));
        }
    }

    @Test
    void of_unknown_isABug() {
        assertThatIllegalArgumentException().isThrownBy(() -> Action.of("Microsoft.Compute/disks/burn/action"));
        assertThat(Action.find("Microsoft.Compute/disks/burn/action")).isEmpty();
    }
}
