package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.json.BadBodyException;
import dev.keyturn.json.Json;
import dev.keyturn.json.Shape;
import dev.keyturn.json.Shape.Kind;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** Every field of every body that the server declares, in other spellings, as text, doubled and in wrong places. */
class ShapesTest {
    private static final Map<String, Shape> ALL = Shapes.all();
    private static final Set<String> COMMON = Set.of("id", "name", "type", "kind", "properties", "enabled", "value");
    /** Declared with Shape.data(), where types are as they are. */
    private static final Set<String> TYPED = Set.of(
            "KeyBodies",
            "ImportBody",
            "RotationPolicyBody",
            "KeyRoutes",
            "CryptoRoutes",
            "HsmRoutes",
            "GraphRoutes",
            "Credentials",
            "ProviderConfigFile");

    static Stream<String> bodies() {
        return ALL.keySet().stream();
    }

    private static List<String> problems(Shape shape, ObjectNode body) {
        try {
            shape.canonical(body);
            return List.of();
        } catch (BadBodyException e) {
            return e.problems().stream().map(BadBodyException.Problem::message).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void everyField_inOtherLetters_isTheSameField(String name) {
        Shape shape = Objects.requireNonNull(ALL.get(name));
        ObjectNode whole = Shapes.whole(shape);
        assertThat(shape.canonical(whole)).isEqualTo(whole);
        for (Shape.Field field : shape.fields()) {
            List<String> steps = Shapes.steps(field.path());
            ObjectNode other = Shapes.renamed(whole, steps, Shapes.otherCase(steps.getLast()));
            assertThat(shape.canonical(other)).as(field.path()).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void everyField_inTwoSpellings_isRefused_namingBoth(String name) {
        Shape shape = Objects.requireNonNull(ALL.get(name));
        ObjectNode whole = Shapes.whole(shape);
        for (Shape.Field field : shape.fields()) {
            List<String> steps = Shapes.steps(field.path());
            assertThat(problems(shape, Shapes.doubled(whole, steps)))
                    .as(field.path())
                    .singleElement()
                    .asString()
                    .contains("'" + steps.getLast() + "'", "'" + Shapes.otherCase(steps.getLast()) + "'");
        }
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void everyBooleanAndNumber_mayBeText_inArmAlone(String name) {
        Shape shape = Objects.requireNonNull(ALL.get(name));
        boolean arm = !TYPED.contains(name.substring(0, name.indexOf('.')));
        ObjectNode whole = Shapes.whole(shape);
        for (Shape.Field field : shape.fields()) {
            if (field.kind() != Kind.BOOL && field.kind() != Kind.INTEGER) {
                continue;
            }
            List<String> steps = Shapes.steps(field.path());
            ObjectNode text = whole.deepCopy();
            ObjectNode parent = (ObjectNode) Shapes.walk(text, steps.subList(0, steps.size() - 1));
            parent.put(steps.getLast(), field.kind() == Kind.BOOL ? "True" : "7");
            String canonical = Json.text(shape.canonical(text));
            assertThat(canonical).as(field.path()).isEqualTo(Json.text(arm ? whole : text));
        }
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void everyField_inTheWrongPlace_isRefusedWithItsOwn(String name) {
        Shape shape = Objects.requireNonNull(ALL.get(name));
        List<Shape.Field> objects =
                shape.fields().stream().filter(f -> f.kind() == Kind.OBJECT).toList();
        for (Shape.Field field : shape.fields()) {
            List<String> steps = Shapes.steps(field.path());
            String own = steps.getLast();
            if (field.kind() == Kind.ANY || COMMON.contains(own)) {
                continue;
            }
            // At the top, and in every object that has no field of that name.
            Stream.concat(Stream.of(""), objects.stream().map(Shape.Field::path))
                    .forEach(place -> {
                        String there = place.isEmpty() ? own : place + "." + own;
                        if (shape.fields().stream().anyMatch(f -> f.path().equals(there))) {
                            return;
                        }
                        ObjectNode body = Json.object();
                        ObjectNode at = body;
                        for (String step : place.isEmpty() ? List.<String>of() : Shapes.steps(place)) {
                            at = step.equals("0") ? at : at.putObject(step);
                        }
                        if (place.contains("[]")) {
                            return;
                        }
                        at.put(own, "x");
                        assertThat(problems(shape, body))
                                .as("%s at '%s'", own, place)
                                .singleElement()
                                .asString()
                                .contains("wrong place", "'" + firstPlace(shape, own) + "'");
                    });
        }
    }

    private static String firstPlace(Shape shape, String own) {
        return shape.fields().stream()
                .filter(f ->
                        f.kind() != Kind.ANY && Shapes.steps(f.path()).getLast().equals(own))
                .map(Shape.Field::path)
                .sorted()
                .findFirst()
                .orElseThrow();
    }
}
