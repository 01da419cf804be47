package dev.keyturn.bench.faults;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Looks at the rows of a store that no server has open, past the server's code, and names what must never be. With one
 * connection, for one thread.
 */
final class StoreLook {
    /** VMs whose machine runs while the key of their set is being changed. One statement: one state of the store. */
    static final String RUNNING_WHILE_UPDATING = """
            SELECT r.arm_key FROM disk_set s JOIN vm v ON v.set_id = s.id JOIN resource r ON r.id = v.id
                JOIN simhost_machine m ON m.vm_uuid = v.vm_uuid
            WHERE s.rotation IS NOT NULL AND m.running = 1""";

    private final Connection connection;
    private final byte[] master;
    private final List<String> violations = new ArrayList<>();
    private final Map<String, PrivateKey> versions = new HashMap<>();

    private StoreLook(Connection connection, byte[] master) {
        this.connection = connection;
        this.master = master;
    }

    /**
     * What was found; under which key version each artifact is, by its number; and how often the record has that a group
     * was written, by the group's id in lower case.
     */
    record Seen(List<String> violations, Map<Long, String> keys, Map<String, Integer> groups) {}

    /** Of a store as a kill left it: what must hold at every moment. */
    static Seen midway(Connection connection, byte[] master) throws SQLException {
        return new StoreLook(connection, master).look(false);
    }

    /** Of one on which everything has come to its end. */
    static Seen atRest(Connection connection, byte[] master) throws SQLException {
        return new StoreLook(connection, master).look(true);
    }

    private Seen look(boolean rest) throws SQLException {
        readVersions();
        Map<Long, String> keys = artifacts(rest);
        none(RUNNING_WHILE_UPDATING, "a machine runs while the key of its set is changed");
        none(
                "SELECT fence FROM operation WHERE fence > 0 GROUP BY fence HAVING count(*) > 1",
                "two operations have the same number of a claim");
        none("""
                SELECT i.artifact FROM simhost_image i
                WHERE NOT EXISTS (SELECT 1 FROM artifact a WHERE a.id = i.artifact)
                    AND NOT EXISTS (SELECT 1 FROM condemned_image c WHERE c.artifact = i.artifact)""", "an image that neither an artifact has nor anybody will delete");
        if (rest) {
            none("SELECT id || ' ' || kind FROM operation WHERE status = 'IN_PROGRESS'", "an operation has no end");
            none(
                    "SELECT arm_key || ' ' || state FROM resource WHERE state IN ('CREATING', 'UPDATING', 'DELETING')",
                    "a resource is busy for ever");
            none("SELECT rotation FROM disk_set WHERE rotation IS NOT NULL", "a set says that it is updating");
            none("SELECT id FROM rotation WHERE ended_at IS NULL", "a rotation has no end");
            none("""
                    SELECT r.arm_key || ' ' || v.power FROM vm v JOIN resource r ON r.id = v.id
                        LEFT JOIN simhost_machine m ON m.vm_uuid = v.vm_uuid
                    WHERE (v.power = 'RUNNING') <> (coalesce(m.running, 0) = 1)""", "the store and the host disagree on whether a VM runs");
            none("""
                    SELECT a.id FROM artifact a WHERE NOT EXISTS (SELECT 1 FROM simhost_image i WHERE i.artifact = a.id)
                    """, "an artifact has no image");
        }
        return new Seen(List.copyOf(violations), keys, groups());
    }

    private Map<String, Integer> groups() throws SQLException {
        Map<String, Integer> groups = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT scope, count(*) FROM audit
                        WHERE outcome = 'ALLOWED' AND action = 'Microsoft.Resources/subscriptions/resourceGroups/write'
                        GROUP BY scope""")) {
            while (row.next()) {
                groups.put(row.getString(1), row.getInt(2));
            }
        }
        return groups;
    }

    private void readVersions() throws SQLException {
        String query = """
                SELECT lower(v.name_key) || CASE v.kind WHEN 'VAULT' THEN '.vault' ELSE '.managedhsm' END || '/keys/'
                    || lower(k.name_key) || '/' || n.version, n.spec, n.version, n.handle
                FROM vault_key_version n JOIN vault_key k ON k.id = n.key_id JOIN vault v ON v.id = k.vault_id
                WHERE n.spec LIKE 'RSA%'""";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                String name = row.getString(1);
                try {
                    versions.put(
                            name, OpenedByHand.privateKey(master, row.getBytes(4), row.getString(2), row.getString(3)));
                } catch (GeneralSecurityException e) {
                    violations.add("key version " + name + " does not open: " + e.getMessage());
                }
            }
        }
    }

    /** Each artifact is opened with the key version that its row names, and its image with what was in it. */
    private Map<Long, String> artifacts(boolean rest) throws SQLException {
        String query = """
                SELECT a.id, a.nonce, a.sealed, a.chk, k.uuid, k.wrapped, k.key_url, s.arm_key, o.arm_key, i.kind,
                    i.sealed, o.state
                FROM artifact a JOIN set_key k ON k.id = a.set_key_id LEFT JOIN resource s ON s.id = a.set_id
                    JOIN resource o ON o.id = a.owner_id LEFT JOIN simhost_image i ON i.artifact = a.id""";
        Map<Long, String> keys = new TreeMap<>();
        Map<String, byte[]> setKeys = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                long artifact = row.getLong(1);
                String url = row.getString(7) == null ? "" : row.getString(7);
                String which = "artifact " + artifact + " of " + row.getString(9) + " under "
                        + (url.isEmpty() ? "the platform's key" : url);
                keys.put(artifact, url);
                try {
                    byte[] setKey = setKey(setKeys, row.getString(5), row.getBytes(6), url);
                    var envelope = new OpenedByHand.Envelope(row.getBytes(2), row.getBytes(3), row.getBytes(4));
                    String set = row.getString(8) == null ? "platform" : row.getString(8);
                    byte[] dataKey = OpenedByHand.envelope(setKey, artifact, set, row.getString(5), envelope);
                    if (row.getString(10) != null) {
                        OpenedByHand.image(dataKey, artifact, row.getString(10), row.getBytes(11));
                    } else if (!rest && row.getString(12).equals("SUCCEEDED")) {
                        violations.add(which + " has no image");
                    }
                } catch (GeneralSecurityException e) {
                    violations.add(which + " does not open: " + e.getMessage());
                }
            }
        }
        return keys;
    }

    private byte[] setKey(Map<String, byte[]> opened, String id, byte[] wrapped, String url)
            throws GeneralSecurityException {
        byte[] known = opened.get(id);
        if (known == null) {
            known = url.isEmpty()
                    ? OpenedByHand.sealed(master, wrapped, "keyturn platform set key")
                    : OpenedByHand.unwrap(version(url), wrapped);
            opened.put(id, known);
        }
        return known;
    }

    private PrivateKey version(String url) throws GeneralSecurityException {
        PrivateKey key = versions.get(shortened(url));
        if (key == null) {
            throw new GeneralSecurityException("the key version that it names is not there");
        }
        return key;
    }

    /** {@code https://kv.vault.domain:1/keys/K/V} as {@code kv.vault/keys/k/v}. */
    static String shortened(String url) {
        String[] parts =
                url.toLowerCase(Locale.ROOT).substring("https://".length()).split("/", 2);
        String[] labels = parts[0].split("\\.", 3);
        return labels[0] + "." + labels[1] + "/" + parts[1];
    }

    private void none(String query, String what) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                violations.add(what + ": " + row.getString(1));
            }
        }
    }
}
