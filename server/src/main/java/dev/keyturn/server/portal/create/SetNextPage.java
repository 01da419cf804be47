package dev.keyturn.server.portal.create;

import dev.keyturn.server.portal.frame.KeyLook;
import java.util.List;
import java.util.Optional;

/**
 * What comes after a set was made: access of its identity to the key, then VMs.
 *
 * @param problems why the key can serve nothing new, whoever asks
 * @param lacks the role that its identity lacks; absent where it has it, or the key is not there
 * @param give where that role is given; absent for who may not
 * @param vm where a VM is made under it; absent for who may not
 */
public record SetNextPage(
        String name,
        String group,
        String href,
        KeyLook key,
        List<String> problems,
        Optional<String> lacks,
        Optional<String> give,
        Optional<String> vm,
        String here) {
    public SetNextPage {
        problems = List.copyOf(problems);
    }

    /** Whether VMs can be made under the set. */
    public boolean ready() {
        return problems.isEmpty() && lacks.isEmpty();
    }
}
