package dev.keyturn.server.data;

import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.util.OptionalInt;

/**
 * Under which domain and port clients find an installation: settings of the first start, because the ids of keys, the
 * issuer of tokens and the addresses of vaults carry them. Each node has the same, whatever port it listens on itself.
 *
 * @param port of the installation's addresses
 */
public record PublicNames(String domain, int port) {
    private static final String DOMAIN = "domain";
    private static final String PORT = "public-port";

    /**
     * What is asked for at a start.
     *
     * @param port the public port, where somebody says one
     * @param listening the port that is listened on: the public one where nobody says or said one
     * @param pinned whether that is kept for good: where other nodes, with ports of their own, are of the installation
     */
    public record Asked(String domain, OptionalInt port, int listening, boolean pinned) {}

    /**
     * What holds: what was asked for at the first start.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Conflict} where something else is asked for now
     */
    public static PublicNames settle(Transactions transactions, Settings settings, Asked asked) {
        return transactions.write(tx -> {
            String first = settings.find(tx, DOMAIN).orElse(asked.domain());
            if (!first.equals(asked.domain())) {
                throw DomainError.notAllowed("This installation was made for the domain '" + first
                                + "', which the ids of its keys carry; it cannot be served under '" + asked.domain()
                                + "'. Start with --domain " + first + ".")
                        .asException();
            }
            settings.put(tx, DOMAIN, first);
            return new PublicNames(first, port(tx, settings, asked));
        });
    }

    private static int port(Tx tx, Settings settings, Asked asked) {
        OptionalInt kept = settings.find(tx, PORT)
                .map(p -> OptionalInt.of(Integer.parseInt(p)))
                .orElseGet(OptionalInt::empty);
        int port = kept.orElse(asked.port().orElse(asked.listening()));
        if (asked.port().isPresent() && asked.port().getAsInt() != port) {
            throw DomainError.notAllowed("This installation is found at port " + port
                            + ", which the ids of its keys and the issuer of its tokens carry; it cannot be at port "
                            + asked.port().getAsInt() + ". Start with --public-port " + port + ", or without it.")
                    .asException();
        }
        if (kept.isEmpty() && (asked.pinned() || asked.port().isPresent())) {
            settings.put(tx, PORT, Integer.toString(port));
        }
        return port;
    }
}
