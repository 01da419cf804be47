package dev.keyturn.core.vm;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.artifact.ArtifactKeys;
import dev.keyturn.core.artifact.DataKeys;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.SetRows;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.Hosts;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.operation.Lease;
import java.util.List;
import java.util.Optional;

/** Lends a VM's data keys to its host, which starts it. The VM is in {@code starting}, so no rotation can begin. */
public record Starting(ArtifactKeys keys, SetRows sets, Hosts hosts) {
    public void start(Lease lease, ConfidentialVm vm) {
        Optional<DiskEncryptionSet> set = lease.read(tx -> sets.of(tx, vm.set()));
        List<Artifact> artifacts = lease.read(tx -> keys.artifacts().ofVm(tx, vm.id()));
        VmHost host = hosts.named(vm.host());
        try (DataKeys lent = keys.lend(set.map(DiskEncryptionSet::principal))) {
            List<HostArtifact> opened = lent.open(artifacts); // without them there is no order, and none to keep out
            host.start(lease.fence(), vm.machine(), opened);
        } catch (DomainException e) {
            // An answer that was lost on its way is no failure: what counts is whether the machine runs.
            if (!runs(host, vm)) {
                throw e;
            }
            // It may run by an earlier claim's order, and this one's be on its way yet.
            host.fence(lease.refence(), Optional.of(vm.vmId()), List.of());
        }
    }

    private static boolean runs(VmHost host, ConfidentialVm vm) {
        try {
            return host.power(vm.vmId()).filter(p -> p == PowerState.RUNNING).isPresent();
        } catch (DomainException e) {
            return false;
        }
    }
}
