package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.operation.LeaseLostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FencesTest {
    @TempDir
    Path storage;

    private final List<String> done = new CopyOnWriteArrayList<>();

    private void under(Fences fences, long number, String what, String... subjects) {
        fences.under(new Fence(number), new TreeSet<>(List.of(subjects)), () -> done.add(what));
    }

    private void refused(Fences fences, long number, String... subjects) {
        assertThatThrownBy(() -> under(fences, number, "late", subjects)).isInstanceOf(LeaseLostException.class);
    }

    @Test
    void lowerNumber_isRefused_andTheSameOrAHigherOnePasses() throws IOException {
        Fences fences = Fences.open(storage);
        under(fences, 5, "first", "vm-a");
        refused(fences, 4, "vm-a");
        under(fences, 5, "again", "vm-a");
        under(fences, 6, "later", "vm-a");
        under(fences, 4, "other", "vm-b");
        assertThat(done).containsExactly("first", "again", "later", "other");
    }

    @Test
    void orderThatOneOfItsSubjectsRefuses_leavesItsNumberWithNone() throws IOException {
        Fences fences = Fences.open(storage);
        under(fences, 9, "newer", "vm-z");
        refused(fences, 8, "image-1", "vm-z");
        under(fences, 7, "image", "image-1");
        assertThat(done).containsExactly("newer", "image");
    }

    @Test
    void orderThatFailed_keepsEarlierOnesOutAllTheSame() throws IOException {
        Fences fences = Fences.open(storage);
        assertThatThrownBy(() -> fences.under(new Fence(5), new TreeSet<>(List.of("vm-a")), () -> {
                    throw new IllegalStateException("failed");
                }))
                .hasMessage("failed");
        refused(fences, 4, "vm-a");
    }

    @Test
    void hostThatIsOpenedAgain_refusesAllThatWasBefore_andKeepsOneFile() throws IOException {
        Fences before = Fences.open(storage);
        under(before, 5, "a", "vm-a", "image-1");
        under(before, 7, "b", "vm-b");

        Fences fences = Fences.open(storage);
        assertThat(fences.newest()).isEqualTo(new Fence(7));
        try (var files = Files.list(storage.resolve("fences"))) {
            assertThat(files).hasSize(1);
        }
        refused(fences, 6, "vm-a");
        refused(fences, 7, "vm-never-seen");
        under(fences, 8, "new", "vm-a");
        assertThat(fences.newest()).as("also of what was taken since").isEqualTo(new Fence(8));
        assertThat(Fences.open(storage).newest()).isEqualTo(new Fence(8));
    }

    @Test
    void fileThatTheMachineWentDownWith_saysNothing() throws IOException {
        Fences fences = Fences.open(storage);
        Files.writeString(storage.resolve("fences/vm-a"), "0000");
        under(fences, 1, "works", "vm-a");
        assertThat(done).containsExactly("works");
    }

    @Test
    void lateOrder_waitsForTheNewerOneToEnd_andIsThenRefused() throws Exception {
        Fences fences = Fences.open(storage);
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Thread newer = Thread.ofVirtual()
                .start(() -> fences.under(new Fence(6), new TreeSet<>(List.of("vm-a")), () -> {
                    began.countDown();
                    try {
                        mayEnd.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    done.add("newer");
                }));
        began.await();
        CompletableFuture<Void> late =
                CompletableFuture.runAsync(() -> refused(fences, 5, "vm-a"), Thread::startVirtualThread);
        CompletableFuture<Void> latest =
                CompletableFuture.runAsync(() -> under(fences, 7, "latest", "vm-a"), Thread::startVirtualThread);
        mayEnd.countDown();
        newer.join();
        late.join();
        latest.join();
        assertThat(done).containsExactly("newer", "latest");
    }
}
