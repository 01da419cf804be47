package dev.keyturn.host.simulated;

import dev.keyturn.store.engine.Migrations;
import java.util.List;

/** The tables {@code simhost_...}, which are this host's own: what a real host would have on its own disks. */
public final class SimulatedTables {
    /** To be given to the database wherever it is opened. */
    public static final Migrations MIGRATIONS = new Migrations(
            "db/simulated-host",
            List.of("V2__simulated_host.sql", "V15__simulated_image_size.sql", "V19__simulated_image_kind.sql"));

    private SimulatedTables() {}
}
