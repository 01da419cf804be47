package dev.keyturn.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.cli.CliException;
import dev.keyturn.cli.client.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class FollowTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<String> notes = new ArrayList<>();
    private final Deque<Supplier<String>> console = new ArrayDeque<>();

    private void follow(boolean terminal) throws IOException {
        new Follow(
                        () -> console.pop().get().getBytes(StandardCharsets.ISO_8859_1),
                        new Screen(out, terminal),
                        notes::add)
                .run(() -> !console.isEmpty());
    }

    private void then(String window) {
        console.add(() -> window);
    }

    private void then(CliException failure) {
        console.add(() -> {
            throw failure;
        });
    }

    private static RefusedException refused(int status) {
        return new RefusedException(status, new RefusedException.Refusal("Code", "It is so.", "", List.of()));
    }

    @Test
    void whatIsNew_isShownOnce_andAPipeGetsEveryByte() throws Exception {
        then("\033[2Ja\u00ff");
        then("\033[2Ja\u00ff");
        then("\033[2Ja\u00ffb");
        follow(false);
        assertThat(out.toByteArray()).isEqualTo("\033[2Ja\u00ffb".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(notes).isEmpty();
    }

    @Test
    void aTerminal_getsTextAlone_alsoWhereASequenceIsSplit() throws Exception {
        then("a\033[3");
        then("a\033[31mb");
        follow(true);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("ab");
    }

    @Test
    void aServerThatIsAwayForAWhile_isWaitedFor_andToldOfOnce() throws Exception {
        then("a");
        then(CliException.failed("no server answers at https://localhost:1"));
        then(refused(503));
        then("ab");
        follow(false);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("ab");
        assertThat(notes).containsExactly("no server answers at https://localhost:1; still trying");
    }

    @Test
    void aConsoleThatBeganAnew_isShownFromItsBeginning_withANote() throws Exception {
        then("a first life of the guest, long enough");
        then("another");
        follow(false);
        assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("enoughanother");
        assertThat(notes).singleElement().asString().contains("began anew");
    }

    @Test
    void aRefusal_endsIt() {
        then("a");
        then(refused(404));
        then("ab");
        assertThatThrownBy(() -> follow(false)).isInstanceOf(RefusedException.class);
        assertThat(console).hasSize(1);
    }

    @Test
    void aServerThatIsNotThereAtFirst_endsIt() {
        then(CliException.failed("no server answers"));
        assertThatThrownBy(() -> follow(false)).hasMessage("no server answers");
    }

    @Test
    void aReaderThatIsGone_endsIt() {
        then("a");
        then("ab");
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        assertThatThrownBy(() -> new Follow(
                                () -> console.pop().get().getBytes(StandardCharsets.ISO_8859_1),
                                new Screen(closed, false),
                                notes::add)
                        .run(() -> !console.isEmpty()))
                .hasMessage("Broken pipe");
    }
}
