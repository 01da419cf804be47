package dev.keyturn.server;

import dev.keyturn.server.database.Migration;
import dev.keyturn.store.engine.PostgresAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * A program: a move that stands still after a batch of the table {@code audit}, says so, and waits to be killed.
 * Arguments: {@code there} or {@code back}, the directory, and the address.
 */
final class HeldMigration {
    private HeldMigration() {}

    public static void main(String[] arguments) throws Exception {
        Migration migration = new Migration(
                Path.of(arguments[1]),
                PostgresAddress.parse(arguments[2], new ArrayList<>()).orElseThrow(),
                Optional.empty(),
                Clock.systemUTC(),
                (table, copied, of) -> {
                    if (table.equals("audit") && copied < of) {
                        System.out.println("held");
                        hold();
                    }
                });
        if (arguments[0].equals("there")) {
            migration.toServer();
        } else {
            migration.toDirectory();
        }
    }

    private static void hold() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
