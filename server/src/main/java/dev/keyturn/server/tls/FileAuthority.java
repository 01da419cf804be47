package dev.keyturn.server.tls;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** In the data directory: {@code ca.pem} and {@code ca.key}. */
record FileAuthority(PairFiles files) implements Authority {
    static final String NAME = "ca";

    @Override
    public Optional<Certificates.Pair> present() throws IOException {
        return files.present(NAME);
    }

    @Override
    public Certificates.Pair current(Predicate<Certificates.Pair> serves, Supplier<Certificates.Pair> make)
            throws IOException {
        Optional<Certificates.Pair> kept = present().filter(serves);
        if (kept.isPresent()) {
            return kept.get();
        }
        Certificates.Pair made = make.get();
        files.save(NAME, made);
        return made;
    }
}
