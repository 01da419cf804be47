package dev.keyturn.server.tls;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Where the CA is kept that a server's certificates are of. Thread-safe where its caller is. */
interface Authority {
    Optional<Certificates.Pair> present() throws IOException;

    /** The one that is kept, where it serves; else one that is made, and kept instead. */
    Certificates.Pair current(Predicate<Certificates.Pair> serves, Supplier<Certificates.Pair> make) throws IOException;
}
