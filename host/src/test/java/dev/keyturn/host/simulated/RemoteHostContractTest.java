package dev.keyturn.host.simulated;

import dev.keyturn.core.host.VmHost;
import dev.keyturn.host.remote.MemoryWire;
import dev.keyturn.host.remote.RemoteHost;

/** What holds for every host holds for one that another node serves. */
class RemoteHostContractTest extends SimulatedHostContractTest {
    @Override
    protected VmHost host() {
        VmHost served = super.host();
        return new RemoteHost(served.info(), served.patience(), new MemoryWire().serving(served));
    }
}
