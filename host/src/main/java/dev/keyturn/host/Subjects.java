package dev.keyturn.host;

import dev.keyturn.core.host.ArtifactImage;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What a host's call is about, by the names under which a host keeps the highest fence it has taken: the VM, each image,
 * and the VM that each image belongs to. In order, so that two calls that lock them do not wait for each other.
 */
public final class Subjects {
    private Subjects() {}

    public static SortedSet<String> of(UUID vm) {
        return of(Optional.of(vm), List.of());
    }

    public static SortedSet<String> of(Optional<UUID> vm, Collection<ArtifactImage> images) {
        SortedSet<String> subjects = new TreeSet<>();
        vm.ifPresent(id -> subjects.add("vm-" + id));
        for (ArtifactImage image : images) {
            subjects.add("image-" + image.artifact());
            image.vmId().ifPresent(id -> subjects.add("vm-" + id));
        }
        return subjects;
    }
}
