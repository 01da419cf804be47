package dev.keyturn.host.simulated;

import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.host.Fixture;
import dev.keyturn.host.VmHostContract;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SimulatedHostContractTest extends VmHostContract {
    @TempDir
    Path directory;

    private Rig rig;

    @BeforeEach
    void open() {
        rig = new Rig(directory);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Override
    protected VmHost host() {
        return rig.host;
    }

    @Override
    protected void restartServer() {
        rig.restart();
    }

    @Override
    protected void shutDownInside(UUID vm) {
        rig.host.guestShutdown(vm);
    }

    @Override
    protected void damage(HostArtifact artifact) {
        ArtifactId id = Fixture.id(artifact);
        rig.database.transactions().run(tx -> {
            SimulatedMachines.Image image =
                    rig.machines.images(tx, List.of(id)).values().iterator().next();
            rig.machines.delete(tx, List.of(id));
            rig.machines.insert(
                    tx,
                    List.of(new SimulatedMachines.Image(
                            id, image.kind(), image.vmId(), ImageCipher.damaged(image.sealed()))));
        });
    }
}
