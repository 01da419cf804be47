package dev.keyturn.host.libvirt;

import java.util.List;

/** A host that cannot be used as it is set up, with everything that is wrong, one line each. */
public final class HostUnusableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public HostUnusableException(List<String> problems) {
        super(String.join(" ", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
