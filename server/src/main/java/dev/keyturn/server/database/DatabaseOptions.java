package dev.keyturn.server.database;

import dev.keyturn.core.nodes.Beside;
import dev.keyturn.core.nodes.NodeName;
import dev.keyturn.store.engine.PostgresAddress;
import dev.keyturn.store.engine.PostgresPassword;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a person who starts a server says of its database: each as it was written. */
public record DatabaseOptions(
        Optional<String> database, Optional<Path> passwordFile, Optional<String> node, Optional<String> nodeAddress) {
    private static final String HOST_AND_PORT = "(\\[[0-9A-Fa-f:.]{2,45}]|[0-9A-Za-z][0-9A-Za-z.-]{0,252}):[0-9]{1,5}";

    /** What it amounts to; everything that is wrong goes into {@code problems}, and nothing that may be a password. */
    public DatabaseChoice read(Map<String, String> environment, List<String> problems) {
        String text = database.orElse("embedded");
        if (text.equals("embedded")) {
            forPostgresqlAlone("--database-password-file", passwordFile, problems);
            forPostgresqlAlone("--node", node, problems);
            forPostgresqlAlone("--node-address", nodeAddress, problems);
            return new DatabaseChoice.Embedded();
        }
        if (!text.contains(":")) {
            problems.add("The database must be 'embedded' or " + PostgresAddress.SYNTAX + ", not '" + text + "'.");
            return new DatabaseChoice.Embedded();
        }
        Optional<PostgresAddress> address = PostgresAddress.parse(text, problems);
        Optional<PostgresPassword> password = PostgresPassword.read(passwordFile, environment, problems);
        Optional<NodeName> name = node.flatMap(n -> NodeName.parse(n, problems));
        if (node.isEmpty()) {
            problems.add("A server on PostgreSQL needs a name of its own among the nodes there, the same at each start:"
                    + " --node NAME.");
        }
        nodeAddress.filter(a -> !isHostAndPort(a)).ifPresent(a -> {
            problems.add("--node-address must be HOST:PORT, where the other nodes reach this one, not '" + a + "'.");
        });
        return address.isPresent() && name.isPresent()
                ? new DatabaseChoice.Postgresql(address.get(), password, name.get(), nodeAddress, Beside.DEFAULT)
                : new DatabaseChoice.Embedded();
    }

    private static boolean isHostAndPort(String text) {
        if (!text.matches(HOST_AND_PORT)) {
            return false;
        }
        int port = Integer.parseInt(text.substring(text.lastIndexOf(':') + 1));
        return port >= 1 && port <= 65535;
    }

    private static void forPostgresqlAlone(String option, Optional<?> value, List<String> problems) {
        if (value.isPresent()) {
            problems.add(option + " is for a database on PostgreSQL (--database " + PostgresAddress.SYNTAX + ").");
        }
    }
}
