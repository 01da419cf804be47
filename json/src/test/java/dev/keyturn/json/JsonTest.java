package dev.keyturn.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void parse_aNameThatIsNoText_isRefused_alsoWhereTheNameWithoutThatByteWasReadBefore() {
        assertThat(Json.parseObject(bytes("{\"attributs\":1}")).size()).isEqualTo(1);
        assertThatExceptionOfType(BadBodyException.class)
                .isThrownBy(() -> Json.parseObject(bytes("{\"attribut\u00ffs\":1}")));
    }

    @Test
    void parse_numbersBeyondADouble_areWrittenAsTheyWereRead_orRefused() {
        String body = "{\"a\":[1E+400,0.1234567890123456789]}";
        assertThat(Json.text(Json.parseObject(bytes(body)))).isEqualTo(body);
        assertThatExceptionOfType(BadBodyException.class)
                .isThrownBy(() -> Json.parseObject(bytes("{\"a\":1e99999999999}")));
    }
}
