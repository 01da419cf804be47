package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@link ArchitectureTest} cannot see: rules for the tests of every module, and for words that are no references. */
class SourceRulesTest {
    private static final Path HOME = Path.of("..");
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\n]*");
    private static final Pattern ADAPTER = Pattern.compile("(?i)libvirt|simulat|qemu");

    /** A test that names a database runs on no other. */
    @Test
    void noTestOutsideTheStore_namesItsDatabase() throws IOException {
        String name = "Sqlite" + "Database";
        assertThat(filesWith(name, f -> f.startsWith(HOME.resolve("store"))))
                .as("there is one in the store")
                .isNotEmpty();
        assertThat(filesWith(name, f -> !f.startsWith(HOME.resolve("store"))))
                .as("tests that should open a TestDatabase")
                .isEmpty();
    }

    /**
     * What a host can do it says (HostCapabilities); a rule that asks which host it is forgets the next one. The list of
     * all actions has those at the simulated host too.
     */
    @Test
    void core_namesNoHost() {
        assertThat(withoutComments("a /* libvirt\n * libvirt */ b // libvirt\nc"))
                .doesNotContain("libvirt")
                .contains("a", "b", "c");
        assertThat(files(List.of(HOME.resolve("core/src/main/java"))).filter(f -> !f.endsWith("identity/Action.java")))
                .isNotEmpty()
                .noneMatch(f -> ADAPTER.matcher(withoutComments(read(f))).find());
    }

    private static String withoutComments(String source) {
        return COMMENT.matcher(source).replaceAll(" ");
    }

    private static List<Path> filesWith(String word, Predicate<Path> where) throws IOException {
        Pattern whole = Pattern.compile("\\b" + word + "\\b");
        try (Stream<Path> modules = Files.list(HOME)) {
            List<Path> tests = modules.map(m -> m.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList();
            return files(tests)
                    .filter(where)
                    .filter(f -> whole.matcher(read(f)).find())
                    .toList();
        }
    }

    private static Stream<Path> files(List<Path> trees) {
        return trees.stream()
                .flatMap(SourceRulesTest::tree)
                .filter(f -> f.toString().endsWith(".java"));
    }

    private static Stream<Path> tree(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
