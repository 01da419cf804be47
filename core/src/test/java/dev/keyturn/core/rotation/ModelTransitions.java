package dev.keyturn.core.rotation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The text of the model of a rotation and of its page of transitions, in {@code docs/model}.
 *
 * @param source the model
 * @param transitions of each transition of the model what stands below its name
 * @param rows of each row of the page what it names in the code
 * @param leftOut rows of the code's tables that the page leaves out, with the reason
 */
record ModelTransitions(
        String source, Map<String, String> transitions, Map<String, List<String>> rows, Map<String, String> leftOut) {
    static final Path DIRECTORY = Path.of("..", "docs", "model");
    private static final Pattern TRANSITION =
            Pattern.compile("(?ms)^ *+/\\* T: (.*?) \\*/$(.*?)(?=^ *+/\\*|^ *+fi;|^end:)");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (.+?) \\| (.+) \\|$");
    private static final Pattern NAME = Pattern.compile("(missing )?`([^`]+)`");
    private static final Pattern POWER_SET = Pattern.compile("power\\[[^]]+] = (\\w+)");
    private static final Pattern POWER_ASKED = Pattern.compile("power\\[[^]]+] == (\\w+)");
    private static final Pattern MACRO =
            Pattern.compile("(?m)^#define (\\w+)(?:\\(\\w+\\))? +.*power\\[[^]]+] == (\\w+)");

    static ModelTransitions read() throws IOException {
        String source = Files.readString(DIRECTORY.resolve("rotation.pml"));
        Map<String, String> transitions = new LinkedHashMap<>();
        TRANSITION.matcher(source).results().forEach(m -> {
            if (transitions.put(m.group(1), m.group(2)) != null) {
                throw new IllegalStateException("two transitions of one name: " + m.group(1));
            }
        });
        String[] page = Files.readString(DIRECTORY.resolve("transitions.md")).split("(?m)^## ", -1);
        if (page.length != 3) {
            throw new IllegalStateException("transitions.md has two headings, not " + (page.length - 1));
        }
        Map<String, List<String>> rows = new LinkedHashMap<>();
        table(page[1]).forEach(m -> rows.put(m.group(1), names(m.group(2))));
        Map<String, String> leftOut = new LinkedHashMap<>();
        table(page[2]).forEach(m -> names(m.group(1)).forEach(n -> leftOut.put(n, m.group(2))));
        return new ModelTransitions(source, transitions, rows, leftOut);
    }

    private static List<MatchResult> table(String section) {
        return ROW.matcher(section).results().skip(1).toList(); // the first is its heading
    }

    private static List<String> names(String cell) {
        return NAME.matcher(cell)
                .results()
                .map(m -> (m.group(1) == null ? "" : m.group(1)) + m.group(2))
                .toList();
    }

    /** All that the rows name in the code. */
    Set<String> named() {
        Set<String> all = new TreeSet<>();
        rows.values().forEach(all::addAll);
        return all;
    }

    private String text(String transition) {
        return transitions.getOrDefault(transition, "");
    }

    /** The power states that the transition sets. */
    Set<String> powerAfter(String transition) {
        return groups(POWER_SET, text(transition));
    }

    /** The power states that it asks for, by itself or by a macro. */
    Set<String> powerBefore(String transition) {
        String text = text(transition);
        Set<String> states = groups(POWER_ASKED, text);
        MACRO.matcher(source).results().forEach(m -> {
            if (Pattern.compile("\\b" + m.group(1) + "\\b")
                    .matcher(expanded(text))
                    .find()) {
                states.add(m.group(2));
            }
        });
        return states;
    }

    /** With macros that stand for a macro, which is as deep as they go. */
    private String expanded(String text) {
        List<String> more = new ArrayList<>(List.of(text));
        Pattern.compile("(?m)^#define (\\w+) +\\((.*)\\)$")
                .matcher(source)
                .results()
                .forEach(m -> {
                    if (Pattern.compile("\\b" + m.group(1) + "\\b")
                            .matcher(text)
                            .find()) {
                        more.add(m.group(2));
                    }
                });
        return String.join("\n", more);
    }

    private static Set<String> groups(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        pattern.matcher(text).results().forEach(m -> found.add(m.group(1)));
        return found;
    }

    /** What can be planted in it, without what the macros' names begin with. */
    Set<String> bugs() {
        return new TreeSet<>(Pattern.compile("\\bBUG_(\\w+)")
                .matcher(source)
                .results()
                .map(m -> m.group(1))
                .toList());
    }

    /** The values of one of the model's types. */
    Set<String> states(String type) {
        return new TreeSet<>(Pattern.compile("(?m)^mtype:" + type + " = \\{ (.*) }$")
                .matcher(source)
                .results()
                .flatMap(m -> Pattern.compile(", ").splitAsStream(m.group(1)))
                .toList());
    }
}
