package dev.keyturn.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Copies of a stopped VM with its disk and both artifacts, written as rows into the database of a server that runs: what the
 * API would have made one after another, in a fraction of the time. Their data keys open nothing, so they are good for
 * being listed, counted and looked at.
 */
final class Clones {
    private static final int AT_ONCE = 2_000;
    private static final String NUMBERS =
            "WITH RECURSIVE n(i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2) ";
    /** ?3 is the group's prefix, ?4 the first number of its rows. */
    private static final List<String> ROWS = List.of(
            "INSERT INTO resource SELECT ?4 + 2 * i,"
                    + " replace(arm_key, 'vm0', 'load' || printf('%06d', i)),"
                    + " replace(display, 'vm0', 'load' || printf('%06d', i)),"
                    + " type, location, tags, document, state, revision, created_at, changed_at"
                    + " FROM n JOIN resource r ON r.arm_key = ?3 || 'virtualmachines/vm0'",
            "INSERT INTO resource SELECT ?4 + 2 * i + 1,"
                    + " replace(arm_key, 'vm0-os', 'load' || printf('%06d', i) || '-os'),"
                    + " replace(display, 'vm0-os', 'load' || printf('%06d', i) || '-os'),"
                    + " type, location, tags, document, state, revision, created_at, changed_at"
                    + " FROM n JOIN resource r ON r.arm_key = ?3 || 'disks/vm0-os'",
            "INSERT INTO vm (id, arm_key, vm_uuid, encryption, set_id, host, ephemeral, power, power_since, fault, size,"
                    + " secure_boot, name) SELECT ?4 + 2 * i, r.arm_key, lower(hex(randomblob(4)) || '-' ||"
                    + " hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' ||"
                    + " hex(randomblob(6))), encryption, set_id, host, ephemeral,"
                    + " CASE WHEN i % 10 = 0 THEN 'STOPPED' ELSE power END, power_since,"
                    + " CASE WHEN i % 1000 = 0 THEN '{\"code\":\"HostStartFailed\",\"message\":\"It did not start.\"}' END,"
                    + " size, secure_boot, 'load' || printf('%06d', i)"
                    + " FROM n JOIN resource r ON r.id = ?4 + 2 * i JOIN vm v ON v.arm_key = ?3 || 'virtualmachines/vm0'",
            "INSERT INTO disk (id, arm_key, disk_uuid, os, size_gb, set_id, host, vm_id, lun, delete_with_vm, image_file,"
                    + " image_format) SELECT ?4 + 2 * i + 1, r.arm_key, lower(hex(randomblob(4)) || '-' ||"
                    + " hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' ||"
                    + " hex(randomblob(6))), os, size_gb, set_id, host, ?4 + 2 * i, lun, delete_with_vm, image_file,"
                    + " image_format"
                    + " FROM n JOIN resource r ON r.id = ?4 + 2 * i + 1 JOIN disk d ON d.arm_key = ?3 || 'disks/vm0-os'",
            "INSERT INTO artifact SELECT ?4 + 2 * i, kind, ?4 + 2 * i, a.set_id, a.host, set_key_id, nonce, sealed, chk,"
                    + " revision FROM n JOIN vm v ON v.arm_key = ?3 || 'virtualmachines/vm0'"
                    + " JOIN artifact a ON a.owner_id = v.id",
            "INSERT INTO artifact SELECT ?4 + 2 * i + 1, kind, ?4 + 2 * i + 1, a.set_id, a.host, set_key_id, nonce,"
                    + " sealed, chk, revision FROM n JOIN disk d ON d.arm_key = ?3 || 'disks/vm0-os'"
                    + " JOIN artifact a ON a.owner_id = d.id");

    private Clones() {}

    /** {@code number} tells groups apart, from 1 on; each has a VM {@code vm0} of {@link SmallFleet}. */
    static void of(Path data, String subscription, String group, int number, int vms) throws SQLException {
        String prefix = "/subscriptions/" + subscription + "/resourcegroups/" + group + "/providers/microsoft.compute/";
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("keyturn.db"))) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 20000");
            }
            connection.setAutoCommit(false);
            for (int from = 0; from < vms; from += AT_ONCE) {
                for (String rows : ROWS) {
                    try (PreparedStatement insert = connection.prepareStatement(
                            rows.replaceFirst("SELECT", "@SELECT").replace("@", NUMBERS))) {
                        insert.setInt(1, from);
                        insert.setInt(2, Math.min(vms, from + AT_ONCE));
                        insert.setString(3, prefix);
                        insert.setLong(4, number * 10_000_000L);
                        insert.executeUpdate();
                    }
                }
                connection.commit();
            }
            try (Statement statement = connection.createStatement();
                    ResultSet found = statement.executeQuery("SELECT count(*) FROM vm WHERE arm_key > '" + prefix + "'"
                            + " AND arm_key < '" + prefix + "z'")) {
                if (!found.next() || found.getInt(1) <= vms) {
                    throw new IllegalStateException("the copies were not all made");
                }
            }
            connection.commit();
        }
    }
}
