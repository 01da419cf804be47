package dev.keyturn.server.portal.activity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTest {
    @Test
    void cell_thatASpreadsheetWouldRun_isText() {
        assertThat(Csv.line(List.of("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "a=b")))
                .isEqualTo("'=1+1,'+1,'-1,'@SUM(A1),'\tx,a=b\r\n");
    }

    @Test
    void cell_thatIsSplitAtSemicolons_isTextInEachPart() {
        assertThat(Csv.line(List.of("a;=1+1;b;@x", ";-1", "a;b=c"))).isEqualTo("a;'=1+1;b;'@x,;'-1,a;b=c\r\n");
    }

    @Test
    void cell_withASeparator_isQuoted() {
        assertThat(Csv.line(List.of("a,b", "say \"x\"", "two\nlines", "")))
                .isEqualTo("\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\r\n");
        assertThat(Csv.line(List.of("=cmd|'/c calc'!A0,\"x\""))).isEqualTo("\"'=cmd|'/c calc'!A0,\"\"x\"\"\"\r\n");
    }
}
