package dev.keyturn.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.cli.demo.Narrator.Told;
import dev.keyturn.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class NarratorTest {
    private static final Map<String, String> XTERM = Map.of("TERM", "xterm", "COLUMNS", "60");
    private final StringWriter text = new StringWriter();
    private final PrintWriter out = new PrintWriter(text, true);

    @Test
    void withoutATerminal_linesArePlain() {
        told(new TextNarrator(out, Look.of(XTERM, false, StandardCharsets.UTF_8)));

        assertThat(text.toString()).contains("1  One", "✓ it is done").doesNotContain("\033", "\r");
    }

    @Test
    void withoutATerminal_andWithAscii_noSignIsLost() {
        told(new TextNarrator(out, Look.of(XTERM, false, StandardCharsets.US_ASCII)));

        assertThat(text.toString()).contains("ok it is done").matches("\\p{ASCII}*");
    }

    @Test
    void onATerminal_progressIsErasedWhenTheStepIsDone() {
        told(new TextNarrator(out, Look.of(XTERM, true, StandardCharsets.UTF_8)));

        assertThat(text.toString()).contains("\r\033[2K", "\033[32m✓\033[0m it is done");
    }

    @Test
    void noColor_isHonouredOnATerminal() {
        Map<String, String> environment = Map.of("TERM", "xterm", "NO_COLOR", "1");
        told(new TextNarrator(out, Look.of(environment, true, StandardCharsets.UTF_8)));

        assertThat(text.toString()).contains("✓ it is done").doesNotContain("\033[3", "\033[1m");
    }

    @Test
    void aFailedStep_isNamed_andItsExceptionGoesOn() {
        Narrator narrator = new TextNarrator(out, Look.of(Map.of(), false, StandardCharsets.UTF_8));

        assertThatThrownBy(() -> narrator.step("walking on water", _ -> {
                    throw new StoryFailedException("wet");
                }))
                .hasMessage("wet");
        assertThat(text.toString()).contains("✗ walking on water");
    }

    @Test
    void asJson_thereIsOneDocumentWithEveryStep() {
        told(new JsonNarrator(out));

        JsonNode document = Json.parseObject(text.toString());
        JsonNode step = document.get("steps").get(0);
        assertThat(document.get("succeeded").booleanValue()).isTrue();
        assertThat(document.get("artifactsUnderOldVersion").intValue()).isZero();
        assertThat(step.get("chapter").stringValue()).isEqualTo("One");
        assertThat(step.get("facts").get("n").intValue()).isEqualTo(7);
    }

    @Test
    void aTable_alignsItsColumns() {
        Narrator narrator = new TextNarrator(out, Look.of(Map.of(), false, StandardCharsets.UTF_8));
        Versions versions = new Versions("https://v/keys/k/1", "https://v/keys/k/2");

        narrator.table(versions.table(Map.of(
                "cvm-01",
                List.of(
                        new Estate.Artifact("GuestState", versions.second()),
                        new Estate.Artifact("OsDisk", versions.first()),
                        new Estate.Artifact("DataDisk", versions.second())))));

        assertThat(text.toString()).contains("VM       guest state   OS disk   data disk");
        assertThat(text.toString()).contains("cvm-01   v2            v1        v2");
    }

    private static void told(Narrator narrator) {
        narrator.open("Title", List.of("label"));
        narrator.chapter("One", "What it is about.");
        int value = narrator.step("doing it", percent -> {
            percent.accept(50);
            return new Told<>(7, "it is done", Json.object().put("n", 7));
        });
        assertThat(value).isEqualTo(7);
        narrator.close(true, List.of("All done."), Json.object().put("artifactsUnderOldVersion", 0));
    }
}
