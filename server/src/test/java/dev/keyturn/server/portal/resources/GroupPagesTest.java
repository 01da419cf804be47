package dev.keyturn.server.portal.resources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.model.ArmId;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupPagesTest {
    @Test
    void now_ofOtherResourcesWithTheSameHashCode_differs() {
        List<ArmId> one = List.of(disk("an"));
        List<ArmId> other = List.of(disk("c0"));
        assertThat(one.getFirst().key().hashCode())
                .isEqualTo(other.getFirst().key().hashCode());

        assertThat(GroupPages.now(1, one))
                .isNotEqualTo(GroupPages.now(1, other))
                .isEqualTo(GroupPages.now(1, one));
    }

    private static ArmId disk(String name) {
        return ArmId.parse("/subscriptions/8a4c8d7e-0000-4000-8000-000000000001/resourceGroups/g/providers/" + Disk.TYPE
                        + "/" + name)
                .orElseThrow();
    }
}
