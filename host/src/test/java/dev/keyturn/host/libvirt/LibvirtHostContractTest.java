package dev.keyturn.host.libvirt;

import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.host.VmHostContract;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract on a real libvirt: machines without an operating system, which is all that it asks for. */
class LibvirtHostContractTest extends VmHostContract {
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
    protected void restartServer() {
        rig.host.close();
        rig.host = rig.open(rig.settings);
    }

    /** There is no system inside that could; to libvirt it is the same when QEMU ends. */
    @Override
    protected void shutDownInside(UUID vm) {
        LibvirtRig.virsh("destroy", vm.toString());
    }

    @Override
    protected void damage(HostArtifact artifact) {
        rig.damage(artifact.image());
    }
}
