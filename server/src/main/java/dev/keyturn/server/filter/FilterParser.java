package dev.keyturn.server.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the part of OData's {@code $filter} (OData 4.01, URL conventions, 5.1.1) that clients of Azure send. One pass
 * from left to right, one character at a time: the time it takes grows with the length, which is bounded, and so are
 * the depth of parentheses and the number of terms.
 *
 * <pre>
 * filter     = all *( "or" all )
 * all        = part *( "and" part )
 * part       = [ "not" ] ( "(" filter ")" | comparison | call | any )
 * comparison = name ( "eq" | "ne" | "ge" | "le" ) value
 * call       = name "(" [ argument *( "," argument ) ] ")"
 * any        = name "/any(" name ":" name "eq" value ")"    ; both names inside are the same
 * argument   = text | name
 * value      = text | word                                  ; a word without quotes: a GUID, a number, a time, true
 * text       = "'" *( any character, but for "'" twice "''" ) "'"
 * name       = letter *( letter | digit | "_" | "." )
 * word       = 1*( letter | digit | "_" | "." | "-" | ":" | "+" )
 * </pre>
 *
 * Blanks may stand between any two of them, and must between two words. Words that are part of the language compare
 * without case.
 */
final class FilterParser {
    static final int MAX_LENGTH = 4_000;
    static final int MAX_TERMS = 64;
    static final int MAX_DEPTH = 8;

    private final FilterText source;
    private final String text;
    private int at;
    private int terms;
    private int depth;

    FilterParser(FilterText source) {
        this.source = source;
        this.text = source.text();
    }

    Filter parse() {
        if (text.length() > MAX_LENGTH) {
            throw source.refused(MAX_LENGTH + 1, "it is longer than " + MAX_LENGTH + " characters");
        }
        Filter filter = filter();
        blanks();
        if (at < text.length()) {
            throw wrong("'and', 'or' or the end is expected");
        }
        return filter;
    }

    private Filter filter() {
        List<Filter> parts = new ArrayList<>();
        do {
            parts.add(all());
        } while (takeWord("or"));
        return parts.size() == 1 ? parts.getFirst() : new Filter.Some(parts);
    }

    private Filter all() {
        List<Filter> parts = new ArrayList<>();
        do {
            parts.add(part());
        } while (takeWord("and"));
        return parts.size() == 1 ? parts.getFirst() : new Filter.All(parts);
    }

    private Filter part() {
        if (takeWord("not")) {
            return new Filter.Not(positive());
        }
        return positive();
    }

    private Filter positive() {
        if (!take('(')) {
            return term();
        }
        if (++depth > MAX_DEPTH) {
            throw wrong("parentheses are nested more than " + MAX_DEPTH + " deep");
        }
        Filter inner = filter();
        expect(')');
        depth--;
        return inner;
    }

    private Filter term() {
        blanks();
        int start = at + 1;
        if (++terms > MAX_TERMS) {
            throw wrong("it has more than " + MAX_TERMS + " terms");
        }
        String name = name("a field, a function or '('").toLowerCase(Locale.ROOT);
        if (take('(')) {
            return new Filter.Term(Filter.Form.CALL, name, arguments(), start);
        }
        if (take('/')) {
            return any(name, start);
        }
        if (takeWord("ge")) {
            return new Filter.Term(Filter.Form.AT_LEAST, name, List.of(value()), start);
        }
        if (takeWord("le")) {
            return new Filter.Term(Filter.Form.AT_MOST, name, List.of(value()), start);
        }
        boolean equal = takeWord("eq");
        if (!equal && !takeWord("ne")) {
            throw wrong("'eq', 'ne', 'ge', 'le' or '(' is expected");
        }
        Filter.Term term = new Filter.Term(Filter.Form.EQUALS, name, List.of(value()), start);
        return equal ? term : new Filter.Not(term);
    }

    private Filter any(String collection, int start) {
        if (!takeWord("any")) {
            throw wrong("'any(' is expected");
        }
        expect('(');
        String variable = name("a name for the members");
        expect(':');
        blanks();
        int use = at;
        if (!name("'" + variable + "'").equals(variable)) {
            at = use;
            throw wrong("'" + variable + "' is expected");
        }
        if (!takeWord("eq")) {
            throw wrong("'eq' is expected");
        }
        Filter.Argument value = value();
        expect(')');
        return new Filter.Term(Filter.Form.ANY, collection, List.of(value), start);
    }

    private List<Filter.Argument> arguments() {
        List<Filter.Argument> found = new ArrayList<>();
        if (take(')')) {
            return found;
        }
        do {
            blanks();
            found.add(
                    at < text.length() && text.charAt(at) == '\''
                            ? new Filter.Argument(quoted(), true)
                            : new Filter.Argument(name("a field or text in quotes"), false));
        } while (take(','));
        expect(')');
        return found;
    }

    private Filter.Argument value() {
        blanks();
        if (at < text.length() && text.charAt(at) == '\'') {
            return new Filter.Argument(quoted(), true);
        }
        int start = at;
        while (at < text.length() && (inName(text.charAt(at)) || "-:+".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        if (at == start) {
            throw wrong("text in single quotes is expected");
        }
        return new Filter.Argument(text.substring(start, at), true);
    }

    private String quoted() {
        int start = at++;
        StringBuilder value = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '\'') {
                value.append(c);
            } else if (at < text.length() && text.charAt(at) == '\'') {
                value.append(c);
                at++;
            } else {
                return value.toString();
            }
        }
        at = start;
        throw wrong("the text that begins here has no closing quote");
    }

    private String name(String expected) {
        blanks();
        int start = at;
        if (at < text.length() && letter(text.charAt(at))) {
            while (at < text.length() && inName(text.charAt(at))) {
                at++;
            }
        }
        if (at == start) {
            throw wrong(expected + " is expected");
        }
        return text.substring(start, at);
    }

    /** Takes the word where it comes next, as a whole word. */
    private boolean takeWord(String word) {
        blanks();
        int end = at + word.length();
        if (text.regionMatches(true, at, word, 0, word.length())
                && (end == text.length() || !inName(text.charAt(end)))) {
            at = end;
            return true;
        }
        return false;
    }

    private boolean take(char c) {
        blanks();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) {
        if (!take(c)) {
            throw wrong("'" + c + "' is expected");
        }
    }

    private void blanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    private RuntimeException wrong(String why) {
        return source.refused(at + 1, why);
    }

    private static boolean letter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean inName(char c) {
        return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.';
    }
}
