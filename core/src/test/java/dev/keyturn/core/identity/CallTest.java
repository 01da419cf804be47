package dev.keyturn.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.keyturn.core.identity.Call.Door;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CallTest {
    private static final Caller WHO = new Caller(new PrincipalId(UUID.randomUUID()), "who");
    private static final UUID ID = UUID.randomUUID();

    private static Optional<String> kept(String clientRequest) {
        return new Call(WHO, ID, Optional.of(clientRequest), Door.ARM).clientRequest();
    }

    @Test
    void clientRequest_printableAndShort_isKept_otherwiseLeftOut() {
        assertThat(kept("6f1c-a.b_c")).contains("6f1c-a.b_c");
        assertThat(kept("x".repeat(100))).isPresent();
        assertThat(kept("x".repeat(101))).isEmpty();
        assertThat(kept("two words")).isEmpty();
        assertThat(kept("line\nbreak")).isEmpty();
        assertThat(kept("ümlaut")).isEmpty();
        assertThat(kept("")).isEmpty();
    }

    @Test
    void request_throughTheServersDoor_isNotPossible() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Call(WHO, ID, Optional.empty(), Door.SERVER));
        assertThat(new Call(WHO, ID, Optional.empty(), Door.ARM).decided()).isFalse();
    }

    @Test
    void callOfTheServersOwn_isDecided_anIdentitysIsAskedAbout() {
        assertThat(Call.server(WHO, ID).door()).isEqualTo(Door.SERVER);
        assertThat(Call.server(Call.SERVER, ID).decided()).isTrue();
        assertThat(Call.asIdentity(WHO, ID).decided()).isFalse();
    }
}
