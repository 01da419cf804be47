package dev.keyturn.node;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskService;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.DiskSetService;
import dev.keyturn.core.image.Image;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.GenericResourceService;
import dev.keyturn.core.resource.GroupMember;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.UserAssignedIdentityService;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.VmService;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** What a resource group can hold, in the order in which its deletion deletes it: users before what they use. */
final class GroupContents {
    private GroupContents() {}

    private record Member(List<String> types, BiConsumer<ArmId, String> deletion) implements GroupMember {
        @Override
        public boolean owns(String type) {
            return types.stream().anyMatch(type::equalsIgnoreCase);
        }

        @Override
        public void delete(ArmId id, String requestedBy) {
            deletion.accept(id, requestedBy);
        }
    }

    /** VMs, disks, sets, then {@code vaults}, then identities, images and what is kept without behaviour. */
    static List<GroupMember> inOrder(
            VmService vms,
            DiskService disks,
            DiskSetService sets,
            List<GroupMember> vaults,
            UserAssignedIdentityService identities,
            GenericResourceService others) {
        List<GroupMember> members = new ArrayList<>();
        members.add(member(ConfidentialVm.TYPE, (id, by) -> vms.delete(id, Precondition.NONE, by)));
        members.add(member(Disk.TYPE, (id, by) -> disks.delete(id, Precondition.NONE, by)));
        members.add(member(DiskEncryptionSet.TYPE, (id, by) -> sets.delete(id, Precondition.NONE, by)));
        members.addAll(vaults);
        members.add(member(UserAssignedIdentityService.TYPE, (id, _) -> identities.delete(id, Precondition.NONE)));
        members.add(member(Image.TYPE, (id, _) -> others.delete(id, Precondition.NONE)));
        members.add(new Member(GenericResourceService.OPAQUE, (id, _) -> others.delete(id, Precondition.NONE)));
        return members;
    }

    private static GroupMember member(String type, BiConsumer<ArmId, String> deletion) {
        return new Member(List.of(type), deletion);
    }
}
