package dev.keyturn.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldTest {
    @TempDir
    Path directory;

    private Path victim;

    @BeforeEach
    void start() throws IOException {
        victim = Files.createDirectory(directory.resolve("victim"));
        Files.writeString(victim.resolve("file"), "secret");
    }

    @Test
    void linksAreNotFollowed_neitherToFilesNorToDirectories() throws IOException {
        Path there = Files.createDirectory(directory.resolve("there"));
        Files.createSymbolicLink(there.resolve("link"), victim);
        Files.createSymbolicLink(there.resolve("file"), victim.resolve("file"));

        assertThatThrownBy(() -> Held.directory(there.resolve("link"))).isInstanceOf(FileSystemException.class);
        try (Held held = Held.directory(there)) {
            assertThatThrownBy(() -> held.directory("link"))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining(there.resolve("link").toString());
            assertThatThrownBy(() -> held.file("file")).isInstanceOf(FileSystemException.class);
            assertThatThrownBy(() -> held.file("none")).isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void pipe_isRefused_andNotWaitedFor() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", directory.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();

        assertThatThrownBy(() -> Held.file(directory.resolve("pipe")))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("not a regular file");
        assertThatThrownBy(() -> Held.file(victim)).isInstanceOf(FileSystemException.class);
    }

    @Test
    void whatIsHeld_staysTheSame_whenItsNameLeadsElsewhere() throws IOException {
        Path there = Files.createDirectory(directory.resolve("there"));
        Files.writeString(there.resolve("file"), "mine");
        try (Held held = Held.directory(there);
                Held file = held.file("file")) {
            Files.move(there, directory.resolve("aside"));
            Files.createSymbolicLink(there, victim);

            assertThat(text(file)).isEqualTo("mine");
            try (Held again = held.file("file")) {
                assertThat(text(again)).isEqualTo("mine");
            }
            Files.deleteIfExists(held.at("file"));
            assertThat(held.place().getFileName()).hasToString("aside");
        }
        assertThat(victim.resolve("file")).hasContent("secret");
        assertThat(directory.resolve("aside/file")).doesNotExist();
    }

    @Test
    void nameThatLeadsOut_isNone() throws IOException {
        try (Held held = Held.directory(victim)) {
            for (String name : new String[] {"", ".", "..", "../victim", "/etc"}) {
                assertThatThrownBy(() -> held.at(name)).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    private static String text(Held file) throws IOException {
        try (FileChannel channel = file.read()) {
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
