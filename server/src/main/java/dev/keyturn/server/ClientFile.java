package dev.keyturn.server;

import dev.keyturn.core.identity.Principal;
import dev.keyturn.server.data.ClientEnv;
import dev.keyturn.server.data.DataDirectory;
import dev.keyturn.server.data.Installation;
import dev.keyturn.server.identity.ServerNames;
import dev.keyturn.server.tls.ServerCertificates;
import java.io.IOException;
import java.util.Optional;

/** Tells clients in {@code client.env} where the server is, and as whom they get in. */
record ClientFile(DataDirectory directory, ServerNames names, ServerCertificates certificates) {
    /** @param makes whether a secret is made where the file has none */
    void tell(Installation installation, Installation.Facts facts, Principal administrator, boolean makes)
            throws IOException {
        ClientEnv file = new ClientEnv(directory.file("client.env"));
        file.write(new ClientEnv.Content(
                names.url(),
                names.domain(),
                facts.subscription().tenant(),
                facts.subscription().id(),
                administrator.appId().toString(),
                makes
                        ? Optional.of(installation.secret(administrator, file))
                        : installation.keptSecret(administrator, file),
                certificates.caFile(),
                names.vaultSuffix(),
                names.hsmSuffix()));
    }
}
