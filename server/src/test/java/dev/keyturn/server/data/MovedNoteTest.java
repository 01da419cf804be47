package dev.keyturn.server.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MovedNoteTest {
    private static final MovedNote NOTE = new MovedNote(
            UUID.randomUUID().toString(),
            MovedNote.State.ARRIVING,
            UUID.randomUUID(),
            "0a".repeat(32),
            "postgresql://kéy@h:5432/d",
            Instant.parse("2026-03-01T10:00:00Z"));

    @TempDir
    private Path directory = Path.of("");

    @Test
    void aNote_isReadAsItWasWritten_andIsTheOwnersAlone() throws Exception {
        assertThat(MovedNote.read(directory)).isEmpty();
        MovedNote.requireNone(directory);

        NOTE.write(directory);

        assertThat(MovedNote.read(directory)).contains(NOTE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(MovedNote.NAME))))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> MovedNote.requireNone(directory)).isInstanceOf(DataDirectoryException.class);
    }

    @Test
    void aNoteThatCannotBeRead_isNoPermissionToGoOn() throws Exception {
        NOTE.write(directory);
        Path file = directory.resolve(MovedNote.NAME);
        String text = Files.readString(file);
        for (String damaged : new String[] {
            "", text.substring(0, 60), text.replace("arriving", "gone"), text + "\n", text.replace("2026-03", "2026-33")
        }) {
            Files.writeString(file, damaged);
            assertThatThrownBy(() -> MovedNote.requireNone(directory))
                    .isInstanceOf(DataDirectoryException.class)
                    .hasMessageContaining("is damaged");
        }
    }
}
