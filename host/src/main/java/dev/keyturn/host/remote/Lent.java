package dev.keyturn.host.remote;

import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.NewImage;
import dev.keyturn.core.model.SecretBytes;
import java.util.ArrayList;
import java.util.List;

/** The data keys of one call, zeroed when it is over, also where its bytes turned out to be no call. Not thread-safe. */
final class Lent implements AutoCloseable {
    private final List<SecretBytes> keys = new ArrayList<>();

    HostArtifact artifact(WireReader in) throws WireFormatException {
        var image = HostRecords.imageFrom(in);
        SecretBytes key = in.secret();
        keys.add(key);
        return new HostArtifact(image, key);
    }

    NewImage newImage(WireReader in) throws WireFormatException {
        return new NewImage(artifact(in), in.number(), in.maybe(HostRecords::fileFrom));
    }

    @Override
    public void close() {
        keys.forEach(SecretBytes::close);
    }
}
