package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page of all routes has every row, or there is no page. */
class DoorsPageTest {
    private static final String SERVER = "### Routes at the server's own name";
    private static final String VAULT = "### Routes at the name of a vault";
    private static final List<String> TABLE = List.of("| route | asks | at |", "|---|---|---|", "| old |");
    private static final Map<String, List<String>> ROWS = Map.of("server", List.of("| a |", "| b |"));

    private static List<String> page(String heading, List<String> table) {
        return java.util.stream.Stream.of(List.of("# Page", heading, ""), table, List.of("Behind."))
                .flatMap(List::stream)
                .toList();
    }

    @Test
    void table_isReplaced() {
        assertThat(DoorsPage.with(page(SERVER, TABLE), ROWS))
                .isEqualTo("# Page\n" + SERVER + "\n\n| route | asks | at |\n|---|---|---|\n| a |\n| b |\nBehind.\n");
    }

    @Test
    void rowsThatHaveNoTable_areNotLeftOut_butRefused() {
        for (List<String> page :
                List.of(page("### Routes of the server", TABLE), page(SERVER, List.of()), page(VAULT, TABLE))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> DoorsPage.with(page, ROWS))
                    .withMessageContaining("server");
        }
    }
}
