package dev.keyturn.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the fuzzer begins with, and what it found before: nothing of it finds anything now. */
class FuzzInputsTest {
    static Stream<String> targets() {
        return Targets.ALL.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void everyInputThatIsKept_isAnsweredAsItMustBe(String name) throws Exception {
        List<Path> inputs = Inputs.of(name);
        assertThat(inputs).isNotEmpty();
        try (FuzzTarget target = Targets.open(name)) {
            for (Path input : inputs) {
                byte[] bytes = Files.readAllBytes(input);
                assertThatCode(() -> target.run(bytes))
                        .as("%s of %s", input.getFileName(), name)
                        .doesNotThrowAnyException();
            }
        }
    }
}
