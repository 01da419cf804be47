package dev.keyturn.store;

import dev.keyturn.core.artifact.ArtifactStore;
import dev.keyturn.core.audit.AuditStore;
import dev.keyturn.core.disk.DiskStore;
import dev.keyturn.core.diskset.DiskSetStore;
import dev.keyturn.core.envelope.SetKeyStore;
import dev.keyturn.core.fleet.FleetStore;
import dev.keyturn.core.fleet.KeyUseStore;
import dev.keyturn.core.fleet.WatchStore;
import dev.keyturn.core.host.HostDirectory;
import dev.keyturn.core.identity.PrincipalStore;
import dev.keyturn.core.identity.RoleAssignmentStore;
import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.identity.SigningKeyStore;
import dev.keyturn.core.image.ImageStore;
import dev.keyturn.core.key.KeyStore;
import dev.keyturn.core.nodes.NodeStore;
import dev.keyturn.core.oauth.OAuthStore;
import dev.keyturn.core.operation.OperationStore;
import dev.keyturn.core.outside.OutsideStore;
import dev.keyturn.core.people.PasskeyStore;
import dev.keyturn.core.people.PersonGroupStore;
import dev.keyturn.core.people.PersonStore;
import dev.keyturn.core.power.StoppedVmStore;
import dev.keyturn.core.resource.ResourceStore;
import dev.keyturn.core.rotation.RotationStore;
import dev.keyturn.core.vault.VaultStore;
import dev.keyturn.core.verification.VerificationStore;
import dev.keyturn.core.vm.VmStore;

/** Every store there is. They hold no state: all of it is in the transaction they are given. Immutable. */
public record SqlStores(
        OperationStore operations,
        ResourceStore resources,
        DiskSetStore diskSets,
        SetKeyStore setKeys,
        ArtifactStore artifacts,
        VmStore vms,
        StoppedVmStore stoppedVms,
        DiskStore disks,
        ImageStore images,
        FleetStore fleet,
        KeyUseStore keyUses,
        WatchStore watch,
        RotationStore rotations,
        VerificationStore verifications,
        VaultStore vaults,
        KeyStore keys,
        PrincipalStore principals,
        PersonStore people,
        PasskeyStore passkeys,
        PersonGroupStore personGroups,
        OutsideStore outsiders,
        OAuthStore oauth,
        RoleAssignmentStore roleAssignments,
        SigningKeyStore signingKeys,
        Settings settings,
        AuditStore audit,
        NodeStore nodes,
        HostDirectory hosts) {

    public static SqlStores create() {
        return new SqlStores(
                new SqlOperationStore(),
                new SqlResourceStore(),
                new SqlDiskSetStore(),
                new SqlSetKeyStore(),
                new SqlArtifactStore(),
                new SqlVmStore(),
                new SqlStoppedVmStore(),
                new SqlDiskStore(),
                new SqlImageStore(),
                new SqlFleetStore(),
                new SqlKeyUseStore(),
                new SqlWatchStore(),
                new SqlRotationStore(),
                new SqlVerificationStore(),
                new SqlVaultStore(),
                new SqlKeyStore(),
                new SqlPrincipalStore(),
                new SqlPersonStore(),
                new SqlPasskeyStore(),
                new SqlPersonGroupStore(),
                new SqlOutsideStore(),
                new SqlOAuthStore(),
                new SqlRoleAssignmentStore(),
                new SqlSigningKeyStore(),
                new SqlSettings(),
                new SqlAuditStore(),
                new SqlNodeStore(),
                new SqlHostDirectory());
    }
}
