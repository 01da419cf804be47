package dev.keyturn.store;

import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Hit;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * How a port says what came of a write: it returns {@link Hit} where it may miss, and nothing where it throws on a miss.
 * Nobody may overlook an answer of a port.
 */
public final class WriteRules {
    /** What answers with a yes or a no and writes nothing. */
    private static final Set<String> QUESTIONS = Set.of("holds", "inUse", "hasGuestState", "any", "required");

    private WriteRules() {}

    /** What the port does otherwise, a line each. */
    public static List<String> problems(Class<?> port) {
        List<String> problems = new ArrayList<>();
        if (!port.isAnnotationPresent(CheckReturnValue.class)) {
            problems.add(port.getName() + " is not annotated with @CheckReturnValue: its answers can be overlooked");
        }
        Arrays.stream(port.getDeclaredMethods())
                .filter(m -> m.getReturnType() == boolean.class || m.getReturnType() == Boolean.class)
                .filter(m -> !m.isSynthetic() && !QUESTIONS.contains(m.getName()))
                .sorted(Comparator.comparing(Method::getName))
                .forEach(m ->
                        problems.add(port.getName() + "." + m.getName() + " returns a boolean: a write returns a Hit;"
                                + " if it is a question, name it in WriteRules.QUESTIONS"));
        return problems;
    }
}
