package dev.keyturn.server.portal.resources;

import dev.keyturn.server.portal.ends.End.Way;
import dev.keyturn.server.portal.frame.KeyLook;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One disk.
 *
 * @param state the word for what it is doing, and {@code mark} how it looks
 * @param vm the VM that has it
 * @param set the set that it is under; absent where that is the platform's key
 * @param part what is encrypted of it; absent while it is being made
 * @param attach VMs that it could be attached to, as {@code group/name}; absent where that cannot be done now, or the
 *     person may not
 * @param typed what was typed for the VM, where it was refused
 * @param detach whether it can be detached now, and the person may
 * @param delete where it is deleted; absent for who may not
 */
public record DiskPage(
        String name,
        String group,
        String id,
        String href,
        String state,
        String mark,
        boolean moving,
        Map<String, String> facts,
        Optional<Way> vm,
        Optional<Way> set,
        Optional<Part> part,
        Optional<List<String>> attach,
        String typed,
        boolean detach,
        Optional<String> delete,
        List<String> problems) {
    public DiskPage {
        attach = attach.map(List::copyOf);
        problems = List.copyOf(problems);
    }

    /** Its image; {@code key} is absent where it is under the platform's key. */
    public record Part(String kind, Optional<KeyLook> key, String host) {}
}
