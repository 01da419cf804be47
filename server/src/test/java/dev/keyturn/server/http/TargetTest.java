package dev.keyturn.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keyturn.core.model.DomainException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    @ParameterizedTest
    @CsvSource({
        "/subscriptions/S, /subscriptions/S",
        "//subscriptions///S/, /subscriptions/S",
        "/keys/k//wrapkey, /keys/k/wrapkey",
        "/, /",
        "//, /",
        "/a%20b/%C3%A9, /a b/é",
        "/a+b, /a+b",
    })
    void parse_path_isDecodedOnceWithoutDoubledAndTrailingSlashes(String raw, String path) {
        assertThat(Target.parse(raw).path()).isEqualTo(path);
    }

    @Test
    void parse_query_decodesNamesToo() {
        assertThat(Target.parse("/x?api%2Dversion=2024-07-01&%24filter=a%20eq+%27b%27&flag&Api-Other=1")
                        .query())
                .containsEntry("api-version", "2024-07-01")
                .containsEntry("$filter", "a eq 'b'")
                .containsEntry("flag", "")
                .containsEntry("api-other", "1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/a%", "/a%2", "/a%zz", "/a%ff", "/a%00b", "/a/../b", "/./a", "/%2e%2e/a", "*", "", "/x?a=%"})
    void parse_malformed_isRefused(String raw) {
        assertThatExceptionOfType(DomainException.class)
                .isThrownBy(() -> Target.parse(raw))
                .withMessageContaining("InvalidRequestUri");
    }
}
