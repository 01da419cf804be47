package dev.keyturn.server.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    private Path temp = Path.of("");

    @Test
    void open_whereOthersCouldRead_narrowsDirectoryAndFiles() throws Exception {
        Path data = Files.createDirectory(temp.resolve("data"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xrwx"));
        Path database = Files.writeString(data.resolve("keyturn.db"), "x");
        Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-r--rw-"));
        Path authority = Files.writeString(data.resolve("ca.pem"), "x");
        Files.setPosixFilePermissions(authority, PosixFilePermissions.fromString("rw-r--r--"));

        DataDirectory.open(data).close();

        assertThat(mode(data)).isEqualTo("rwx------");
        assertThat(mode(database)).isEqualTo("rw-------");
        assertThat(mode(authority)).as("public, and so left alone").isEqualTo("rw-r--r--");
    }

    @Test
    void open_ofAnotherUsersDirectoryOrThroughALink_isRefused() throws Exception {
        Path data = Files.createDirectory(temp.resolve("data"));
        int me = (Integer) Files.getAttribute(data, "unix:uid");
        assertThatThrownBy(() -> DataDirectory.open(data, new Ownership(OptionalInt.of(me + 1))))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("belongs to another user (" + me + ")");
        assertThat(Ownership.ofThisProcess().user()).hasValue(me);

        Path link = Files.createSymbolicLink(temp.resolve("link"), data);
        assertThatThrownBy(() -> DataDirectory.open(link))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("symbolic link")
                .hasMessageContaining(data.toString());
    }

    @Test
    void open_withFilesThatAreLinks_namesEachOfThem() throws Exception {
        Path data = Files.createDirectory(temp.resolve("data"));
        Path elsewhere = Files.writeString(temp.resolve("elsewhere"), "x");
        Files.createSymbolicLink(data.resolve("keyturn.db"), elsewhere);
        Files.createSymbolicLink(data.resolve("lock"), elsewhere);
        Files.createDirectory(data.resolve("client.env"));

        assertThatThrownBy(() -> DataDirectory.open(data))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("keyturn.db is a symbolic link")
                .hasMessageContaining("lock is a symbolic link")
                .hasMessageContaining("client.env is no file")
                .hasMessageNotContaining("\n");
        assertThat(elsewhere).hasContent("x");
    }

    @Test
    void open_removesWhatAKilledServerLeftBehind_andNothingElse() throws Exception {
        Path data = Files.createDirectory(temp.resolve("data"));
        Path key = Files.writeString(data.resolve("master.key"), "the key");
        Path second = data.resolve("master.key.6f2a0c7e-31de-4d7b-9c55-0f6f6f0f4a11.new");
        Files.createLink(second, key);
        Path half = Files.writeString(data.resolve(".client.env.new"), "KEYTURN");
        Path mine = Files.writeString(data.resolve("plan.new"), "mine");

        DataDirectory.open(data).close();

        assertThat(second).doesNotExist();
        assertThat(half).doesNotExist();
        assertThat(mine).exists();
        assertThat(key).hasContent("the key");
        assertThat(Files.getAttribute(key, "unix:nlink")).isEqualTo(1);
    }

    @Test
    void write_ofAnEnvWithAnotherSecret_keepsTheOldOneBesideIt() throws Exception {
        Path file = temp.resolve("client.env");
        ClientEnv env = new ClientEnv(file);
        env.write(content("client-1", "first"));
        env.write(content("client-1", "first"));
        assertThat(temp.resolve("client.env.1")).doesNotExist();

        env.write(content("client-2", "second"));
        env.write(content("client-2", "third"));

        assertThat(Files.readString(file)).contains("third");
        assertThat(Files.readString(temp.resolve("client.env.1"))).contains("client-1", "first");
        assertThat(Files.readString(temp.resolve("client.env.2"))).contains("client-2", "second");
        assertThat(mode(temp.resolve("client.env.1"))).isEqualTo("rw-------");
    }

    private static ClientEnv.Content content(String client, String secret) {
        return new ClientEnv.Content(
                "https://s", "d", "t", "s", client, Optional.of(secret), Path.of("/ca.pem"), ".v", ".h");
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
