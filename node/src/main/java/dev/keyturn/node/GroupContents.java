package dev.keyturn.node;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskService;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.DiskSetService;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.image.Image;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.GenericResourceService;
import dev.keyturn.core.resource.GroupMember;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.UserAssignedIdentityService;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.core.vault.VaultService;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.VmService;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** What a resource group can hold, in the order in which its deletion deletes it: users before what they use. */
final class GroupContents {
    private GroupContents() {}

    private record Member(List<String> types, BiConsumer<Call, ArmId> deletion) implements GroupMember {
        @Override
        public boolean owns(String type) {
            return types.stream().anyMatch(type::equalsIgnoreCase);
        }

        @Override
        public void delete(Call call, ArmId id) {
            deletion.accept(call, id);
        }
    }

    /** VMs, disks, sets, then vaults, then identities, images and what is kept without behaviour. */
    static List<GroupMember> inOrder(
            VmService vms,
            DiskService disks,
            DiskSetService sets,
            VaultService vaults,
            UserAssignedIdentityService identities,
            GenericResourceService others) {
        List<GroupMember> members = new ArrayList<>();
        members.add(member(ConfidentialVm.TYPE, (call, id) -> vms.delete(call, id, Precondition.NONE)));
        members.add(member(Disk.TYPE, (call, id) -> disks.delete(call, id, Precondition.NONE)));
        members.add(member(DiskEncryptionSet.TYPE, (call, id) -> sets.delete(call, id, Precondition.NONE)));
        members.add(new Member(List.of(VaultKind.VAULT.type(), VaultKind.MANAGED_HSM.type()), vaults::delete));
        members.add(
                member(UserAssignedIdentityService.TYPE, (call, id) -> identities.delete(call, id, Precondition.NONE)));
        members.add(member(Image.TYPE, (call, id) -> others.delete(call, id, Precondition.NONE)));
        members.add(
                new Member(GenericResourceService.OPAQUE, (call, id) -> others.delete(call, id, Precondition.NONE)));
        return members;
    }

    private static GroupMember member(String type, BiConsumer<Call, ArmId> deletion) {
        return new Member(List.of(type), deletion);
    }
}
