package dev.keyturn.store;

import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What hosts know VMs and disks by. */
final class HostNames {
    /** Four lists of it in one statement. */
    private static final int CHUNK = 200;

    private static final String IN = " IN (" + "?, ".repeat(CHUNK - 1) + "?)";
    private static final String QUERY = "SELECT vm_uuid FROM vm WHERE vm_uuid" + IN
            + " UNION SELECT disk_uuid FROM disk WHERE disk_uuid" + IN
            + " UNION SELECT vm_uuid FROM condemned_image WHERE vm_uuid" + IN
            + " UNION SELECT disk_uuid FROM condemned_image WHERE disk_uuid" + IN;

    private HostNames() {}

    static Set<UUID> known(SqlTx tx, Collection<UUID> ids) {
        Set<UUID> known = new HashSet<>();
        List<UUID> all = List.copyOf(ids);
        for (int from = 0; from < all.size(); from += CHUNK) {
            Object[] arguments = new Object[4 * CHUNK];
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = all.get(Math.min(from + i % CHUNK, all.size() - 1));
            }
            known.addAll(tx.list(QUERY, Row::uuid, arguments));
        }
        known.retainAll(Set.copyOf(ids));
        return known;
    }
}
