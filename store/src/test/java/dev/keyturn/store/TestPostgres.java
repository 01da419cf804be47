package dev.keyturn.store;

import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.store.engine.Migrations;
import dev.keyturn.store.engine.PostgresDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** One PostgreSQL server for the tests of this process, which needs no installed package; databases in it by number. */
public final class TestPostgres {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Map<List<Migrations>, String> TEMPLATES = new HashMap<>();
    private static @Nullable EmbeddedPostgres server;

    private TestPostgres() {}

    /** The address of a new, empty database. */
    public static String emptyDatabase() {
        String name = "test" + NUMBER.incrementAndGet();
        run("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
        return url(name);
    }

    /** The address of a new database with the schema that these modules have, which is made once and copied. */
    public static synchronized String newDatabase(Migrations... modules) {
        String template = TEMPLATES.computeIfAbsent(List.of(modules), TestPostgres::migrated);
        return copyOf(template);
    }

    private static String migrated(List<Migrations> modules) {
        String url = emptyDatabase();
        PostgresDatabase.open(url, source(url), VitalThreads.halting(), modules.toArray(Migrations[]::new))
                .close();
        return url;
    }

    /** The address of a new database with what another one has, which nobody is connected to. */
    static String copyOf(String url) {
        String name = "test" + NUMBER.incrementAndGet();
        run("CREATE DATABASE " + name + " TEMPLATE " + url.substring(url.lastIndexOf('/') + 1, url.indexOf('?')));
        return url(name);
    }

    public static DataSource source(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        return source;
    }

    private static String url(String name) {
        return "jdbc:postgresql://127.0.0.1:" + server().getPort() + "/" + name + "?user=postgres";
    }

    private static void run(String sql) {
        try (Connection connection = server().getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static synchronized EmbeddedPostgres server() {
        EmbeddedPostgres running = server;
        if (running != null) {
            return running;
        }
        try {
            EmbeddedPostgres started = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("max_connections", "200")
                    .start();
            server = started; // it ends with this process, by a hook of its own
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
