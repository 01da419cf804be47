package dev.keyturn.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.cli.audit.ExportVerifier.NoExportException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExportVerifierTest {
    private final ChainInMemory chain = new ChainInMemory();

    @BeforeEach
    void fill() {
        for (int i = 0; i < 6; i++) {
            chain.add();
            if (i % 3 == 2) {
                chain.sign();
            }
        }
    }

    private static List<String> findings(List<String> lines, Optional<String> key) throws NoExportException {
        ExportVerifier verifier = new ExportVerifier(key);
        for (String line : lines) {
            verifier.line(line);
        }
        verifier.end();
        return verifier.findings();
    }

    private static List<String> findings(List<String> lines) throws NoExportException {
        return findings(lines, Optional.empty());
    }

    @Test
    void whole_hasNoFinding_andCountsWhatNoSignatureVouchesFor() throws Exception {
        chain.add();
        ExportVerifier verifier = new ExportVerifier(Optional.of(chain.keyId()));
        for (String line : chain.lines()) {
            verifier.line(line);
        }
        verifier.end();

        assertThat(verifier.findings()).isEmpty();
        assertThat(verifier.chains().getFirst().records()).isEqualTo(7);
        assertThat(verifier.chains().getFirst().unvouched()).isEqualTo(1);
    }

    @Test
    void everyLineThatIsRemovedAlteredOrMoved_isFound() throws Exception {
        List<String> lines = chain.lines();
        for (int i = 1; i < lines.size(); i++) {
            List<String> removed = new ArrayList<>(lines);
            removed.remove(i);
            assertThat(findings(removed)).as("without line %s", i).isNotEmpty();

            List<String> altered = new ArrayList<>(lines);
            altered.set(
                    i,
                    altered.get(i)
                            .replace("\"who\"", "\"me\"")
                            .replace("2026-05-01T10", "2026-05-01T11")
                            .replace("\"lines\":", "\"lines\":1"));
            assertThat(findings(altered)).as("line %s altered", i).isNotEmpty();

            if (i + 1 < lines.size()) {
                List<String> moved = new ArrayList<>(lines);
                Collections.swap(moved, i, i + 1);
                assertThat(findings(moved)).as("line %s moved", i).isNotEmpty();
            }
        }
    }

    @Test
    void cutOffFile_isFound_evenWhereItsEndIsForged() throws Exception {
        List<String> lines = chain.lines();
        for (int kept = 1; kept < lines.size() - 1; kept++) {
            assertThat(findings(lines.subList(0, kept))).anyMatch(f -> f.contains("has no end"));
        }
        List<String> forged = new ArrayList<>(lines);
        forged.remove(lines.size() - 3);
        forged.set(forged.size() - 1, "{\"end\":{\"lines\":" + (forged.size() - 1) + "}}");
        assertThat(findings(forged)).singleElement().asString().contains("record 6 is missing", "vouches");
    }

    @Test
    void keyThatIsNotTheTrustedOne_countsForNothing() throws Exception {
        assertThat(findings(chain.lines(), Optional.of(new ChainInMemory().keyId())))
                .anyMatch(f -> f.contains("is not in the file"))
                .anyMatch(f -> f.contains("not known here"));
    }

    @Test
    void whatReadingWouldPassOver_isFound() throws Exception {
        for (String[] change : new String[][] {
            {"\"scope\":", "\"x\":1,\"scope\":"},
            {"\"target\":\"https://v/keys/k/1\"", "\"target\":null,\"scop\":\"/\""},
            {"2026-05-01T10:00:00Z", "2026-05-01T10:00:00.000Z"},
            {"2026-05-01T10:00:00Z", "2026-05-01T12:00:00+02:00"},
            {"2026-05-01T10:00:00Z", "+1000000000-12-31T00:00:00Z"},
            {"\"correlation\":\"", "\"correlation\":\"0"},
            {"{\"record\":", "{\"checkpoint\":{},\"record\":"},
            {"{\"record\":", "{\"checkpoint\":1,\"record\":"},
            {"\"sequence\":2", "\"sequence\":2.0"},
            {"{\"record\":", "{\"records\":"},
        }) {
            List<String> lines = new ArrayList<>(chain.lines());
            String altered = lines.get(2).replace(change[0], change[1]);
            assertThat(altered).isNotEqualTo(lines.get(2));
            lines.set(2, altered);

            assertThat(findings(lines).getFirst()).as(altered).startsWith("line 3 ");
        }
        List<String> lines = new ArrayList<>(chain.lines());
        lines.set(4, lines.get(4).replace("\"number\":1", "\"number\":1,\"note\":\"fine\""));
        assertThat(findings(lines).getFirst()).startsWith("line 5 ").contains("note");
        lines = new ArrayList<>(chain.lines());
        lines.set(lines.size() - 1, lines.getLast().replace("{\"lines\"", "{\"note\":1,\"lines\""));
        assertThat(findings(lines)).singleElement().asString().contains("note");
    }

    @Test
    void cut_mustBeSaidByARecord() throws Exception {
        chain.cutAll();
        chain.add();
        List<String> whole = chain.lines();
        assertThat(whole).anyMatch(l -> l.contains("retention"));
        assertThat(findings(whole)).isEmpty();

        List<String> without = new ArrayList<>(whole);
        without.removeIf(l -> l.contains("audit/delete") || l.contains("\"sequence\":8"));
        without.set(without.size() - 1, "{\"end\":{\"lines\":" + (without.size() - 1) + "}}");
        assertThat(findings(without)).singleElement().asString().contains("records of node n1 up to 6", "says so");

        List<String> asked = new ArrayList<>(without);
        asked.replaceAll(l -> l.replace("\"retention\"", "\"since\""));
        assertThat(findings(asked)).singleElement().asString().contains("names no time");
        asked.replaceAll(l -> l.replace("\"because\":\"since\"", "\"because\":\"why not\""));
        assertThat(findings(asked).getFirst()).contains("must say");
    }

    @Test
    void whatTheServerSaysOfItself_isAFinding_andTheLastCheckpointIsNamed() throws Exception {
        List<String> lines = new ArrayList<>(chain.lines());
        lines.set(0, lines.getFirst().replace("\"name\":\"n1\"", "\"name\":\"n1\",\"problem\":\"rewritten\""));

        assertThat(findings(lines)).singleElement().asString().contains("n1", "altered: rewritten");
        assertThat(text(chain.lines())).contains("Last checkpoint: node 'n1', number 2, " + chain.lastHash());
    }

    private static String text(List<String> lines) throws NoExportException {
        ExportVerifier verifier = new ExportVerifier(Optional.empty());
        for (String line : lines) {
            verifier.line(line);
        }
        verifier.end();
        StringWriter out = new StringWriter();
        new Verdict(verifier).text(new PrintWriter(out, true));
        return out.toString();
    }

    @Test
    void whatIsNoExport_isNotTakenForOne() {
        assertThatThrownBy(() -> findings(List.of("hello"))).isInstanceOf(NoExportException.class);
        assertThatThrownBy(() -> findings(List.of("{\"format\":\"other\"}"))).isInstanceOf(NoExportException.class);
        assertThatThrownBy(() ->
                        findings(List.of(chain.lines().getFirst().replace("\"publicKey\":\"", "\"publicKey\":\"!"))))
                .isInstanceOf(NoExportException.class);
        assertThatThrownBy(() -> findings(List.of())).isInstanceOf(NoExportException.class);
    }

    @Test
    void damagedLine_isNamed_withoutWhatATerminalWouldObey() throws Exception {
        List<String> lines = new ArrayList<>(chain.lines());
        lines.set(2, "{\"record\":{\"node\":\"n1\",\"sequence\":2,\"at\":\"\\u001b[2J\"}}");

        assertThat(findings(lines).getFirst())
                .startsWith("line 3 cannot be read")
                .doesNotContain("\u001b");
    }
}
