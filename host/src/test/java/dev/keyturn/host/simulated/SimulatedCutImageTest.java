package dev.keyturn.host.simulated;

import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.host.CutImageContract;
import dev.keyturn.host.Fixture;
import dev.keyturn.store.engine.SqlTx;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SimulatedCutImageTest extends CutImageContract {
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
    protected void cut(HostArtifact disk) {
        rig.database
                .transactions()
                .run(tx -> SqlTx.of(tx)
                        .update("UPDATE simhost_image SET bytes = bytes - 1 WHERE artifact = ?", Fixture.id(disk)));
    }
}
