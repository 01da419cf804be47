package dev.keyturn.host.libvirt;

import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.host.CutImageContract;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class LibvirtCutImageTest extends CutImageContract {
    private LibvirtRig rig;

    @BeforeEach
    void open() {
        rig = new LibvirtRig();
    }

    @AfterEach
    void close() {
        if (rig != null) {
            rig.close();
        }
    }

    @Override
    protected VmHost host() {
        return rig.host;
    }

    @Override
    protected void cut(HostArtifact disk) {
        Path file =
                rig.settings.storage().resolve("disks/" + disk.image().diskId().orElseThrow() + ".luks");
        try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
            image.setLength(image.length() - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
