package dev.keyturn.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keyturn.core.model.DomainException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FormValuesTest {
    private static Request form(String body) {
        return new Request(
                "POST", "localhost", "/", Map.of(), Map.of(), body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    @Test
    void aFieldThatIsSentSeveralTimes_hasAllItsValuesInOrder() {
        Request request = form("vm=a&action=stop&VM=b%2Fc&vm=&vm=a+d");

        assertThat(request.formValues("vm")).containsExactly("a", "b/c", "", "a d");
        assertThat(request.formValues("Action")).containsExactly("stop");
        assertThat(request.formValues("other")).isEmpty();
        assertThat(request.form()).containsEntry("vm", "a d");
    }

    @Test
    void aFormThatIsNotWellFormed_isRefused() {
        assertThatExceptionOfType(DomainException.class)
                .isThrownBy(() -> form("vm=%zz").formValues("vm"));
    }
}
