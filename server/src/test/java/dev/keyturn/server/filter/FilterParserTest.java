package dev.keyturn.server.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterParserTest {
    private static Filter parse(String text) {
        return new FilterText(text, "name eq '<text>'").parse();
    }

    /** The filter as text with every parenthesis. */
    private static String shown(Filter filter) {
        return switch (filter) {
            case Filter.All all ->
                "("
                        + String.join(
                                " & ",
                                all.parts().stream()
                                        .map(FilterParserTest::shown)
                                        .toList()) + ")";
            case Filter.Some some ->
                "("
                        + String.join(
                                " | ",
                                some.parts().stream()
                                        .map(FilterParserTest::shown)
                                        .toList()) + ")";
            case Filter.Not not -> "!" + shown(not.part());
            case Filter.Term term ->
                switch (term.form()) {
                    case EQUALS -> term.name() + "=" + term.value().orElse("?");
                    case AT_LEAST -> term.name() + ">=" + term.value().orElse("?");
                    case AT_MOST -> term.name() + "<=" + term.value().orElse("?");
                    case CALL, ANY ->
                        term.name()
                                + (term.form() == Filter.Form.ANY ? "/any" : "")
                                + term.arguments().stream()
                                        .map(a -> a.quoted() ? "'" + a.text() + "'" : a.text())
                                        .toList();
                };
        };
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = ';', textBlock = """
            resourceType eq 'Microsoft.KeyVault/vaults';     resourcetype=Microsoft.KeyVault/vaults
            name EQ 'it''s';                                 name=it's
            name ne ''; !name=
            at ge 2026-01-02T03:04:05.6+01:00 and at LE '2026'; (at>=2026-01-02T03:04:05.6+01:00 & at<=2026)
            principalId eq 11111111-2222-3333-4444-555555555555; principalid=11111111-2222-3333-4444-555555555555
            "  tagName eq 'a'\tand tagValue eq 'b and c' ";  (tagname=a & tagvalue=b and c)
            a eq '1' and b eq '2' or c eq '3' and d eq '4';  ((a=1 & b=2) | (c=3 & d=4))
            a eq '1' and (b eq '2' or not c eq '3');         (a=1 & (b=2 | !c=3))
            not (a eq '1' and b eq '2');                     !(a=1 & b=2)
            atScope();                                       atscope[]
            atScope() and assignedTo('x');                   (atscope[] & assignedto['x'])
            substringof( 'x' , name );                       substringof['x', name]
            startswith(displayName,'a');                     startswith[displayName, 'a']
            servicePrincipalNames/any(c:c eq 'APPID');       serviceprincipalnames/any['APPID']
            "identifierUris/any( x : x eq 'api://a' )";      identifieruris/any['api://a']
            order eq 'android';                              order=android
            """)
    void wellFormed_isRead(String text, String expected) {
        assertThat(shown(parse(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = ';', textBlock = """
            name;                       at its end: 'eq'
            name eq;                    at its end: text in single quotes
            name gt 'x';                "at character 6, 'gt 'x'': 'eq', 'ne', 'ge', 'le' or '(' is expected"
            name eq 'x;                 "at character 9, ''x': the text that begins here has no closing quote"
            name eq 'x' and;            at its end: a field, a function or '('
            name eq 'x' name eq 'y';    "at character 13, 'name eq 'y''"
            name eq 'x') or true;       "at character 12, ') or true'"
            (name eq 'x';               at its end: ')' is expected
            'x' eq name;                at character 1
            f('x' 'y');                 at character 7
            a/all(c:c eq 'x');          'any(' is expected
            a/any(c:d eq 'x');          'c' is expected
            name eq "x";                at character 9
            naïve eq 'x';               at character 3
            not not a eq 'x';           at character 9
            """)
    void malformed_isRefused_sayingWhere(String text, String expected) {
        assertThatThrownBy(() -> parse(text)).isInstanceOfSatisfying(DomainException.class, e -> {
            assertThat(e.error()).isInstanceOf(DomainError.Invalid.class);
            assertThat(e.error().info().code()).isEqualTo("InvalidFilterInQueryString");
            assertThat(e.error().info().message()).contains(expected).endsWith("It may be name eq '<text>'.");
        });
    }

    /** A pattern that backtracks overflows the stack at these. */
    @ParameterizedTest
    @ValueSource(ints = {3_000, 6_500, 1_000_000})
    void longText_isReadOrRefused(int length) {
        for (String text : List.of(
                "name eq '" + "x".repeat(length) + "'",
                "name eq '" + "''".repeat(length / 2) + "'",
                "name eq '" + "'".repeat(length),
                " ".repeat(length) + "name",
                "(".repeat(length),
                "not ".repeat(length),
                "a eq 'x' and ".repeat(length / 13),
                "name eq '" + "x' and ".repeat(length / 7))) {
            try {
                parse(text);
            } catch (DomainException e) {
                assertThat(e.error().info().message()).hasSizeLessThan(300);
            }
        }
    }

    @Test
    void bounds_areTold() {
        assertThatThrownBy(() -> parse("(".repeat(9) + "a eq 'x'" + ")".repeat(9)))
                .hasMessageContaining("8 deep");
        assertThat(shown(parse("(".repeat(8) + "a eq 'x'" + ")".repeat(8)))).isEqualTo("a=x");
        assertThatThrownBy(() -> parse("a eq 'x'" + " and a eq 'x'".repeat(64))).hasMessageContaining("64 terms");
        assertThatThrownBy(() -> parse("a eq '" + "x".repeat(4_000) + "'")).hasMessageContaining("4000 characters");
    }

    @Test
    void parenthesesOneAfterAnother_areNotDeep() {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            parts.add("(a eq '" + i + "')");
        }
        assertThat(parse(String.join(" or ", parts))).isInstanceOf(Filter.Some.class);
    }

    @Test
    void anyText_isReadOrRefused_andNothingElse() {
        Random random = new Random(7);
        String[] pieces = {
            "a", "eq", "ne", "and", "or", "not", "'", "''", "(", ")", " ", ",", "/any(", ":", "é", "-", "\u0000"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(20);
            for (int j = 0; j < length; j++) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                FilterText.of(Optional.of(text.toString()), "usage").ifPresent(FilterText::parse);
            } catch (DomainException e) {
                assertThat(e.error()).isInstanceOf(DomainError.Invalid.class);
            }
        }
    }
}
