package dev.keyturn.host.libvirt;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process that locks a storage directory, says so, and lives until it is killed. Argument: the directory. */
final class LockingProcess {
    private LockingProcess() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        System.out.println(StorageLock.take(Path.of(args[0])).getClass().getSimpleName());
        new CountDownLatch(1).await();
    }
}
