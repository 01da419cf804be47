package dev.keyturn.server.portal.sets;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.server.portal.frame.KeyLook;
import java.util.List;
import java.util.Optional;

/**
 * Where the key of a set is changed: what runs or ran last, then the three steps.
 *
 * @param action where the forms of the page lead to
 * @param may whether the person may change the set
 * @param running the rotation that is under way
 * @param kinds how far that has come, by kind of artifact
 * @param hosts the same by host, where that was asked for
 * @param result how the last one ended, where that still matters
 * @param target the key version that is chosen
 * @param way what is in the way of it; absent where none is chosen, or it is the set's already
 * @param again the address of this very page
 */
public record KeyPage(
        SetBar bar,
        String action,
        KeyLook active,
        boolean may,
        Optional<RotationLine> running,
        List<Part> kinds,
        Optional<List<Part>> hosts,
        Optional<Result> result,
        Optional<KeyChoice> choice,
        Optional<KeyLook> target,
        Optional<InTheWay> way,
        String again,
        List<String> problems) {
    public KeyPage {
        kinds = List.copyOf(kinds);
        hosts = hosts.map(List::copyOf);
        problems = List.copyOf(problems);
    }

    /**
     * How a rotation ended.
     *
     * @param kept what kept its old key, with the reason, as far as it is shown
     * @param more how many others did
     * @param ran the VMs that were stopped for it; empty where there are none
     * @param old the key version that was left
     */
    public record Result(
            RotationLine rotation,
            String headline,
            List<Kept> kept,
            long more,
            boolean mayVerify,
            Optional<Ran> ran,
            Optional<Old> old) {
        public Result {
            kept = List.copyOf(kept);
        }

        public boolean done() {
            return rotation.state().equals("done");
        }
    }

    /** Artifacts of one kind, or on one host: how many there are, and how many of them are under the new key already. */
    public record Part(String name, long moved, long total) {}

    /**
     * VMs that ran before they were stopped for a change.
     *
     * @param off those of this change that have not run since
     * @param earlier those of a change before it that have not run since
     * @param named some of the first, for the commands that start them
     * @param faults what went wrong last with some of those that are off
     * @param others what became of the others, in words
     */
    public record Ran(Offer off, Offer earlier, List<ArmId> named, List<Kept> faults, List<String> others) {
        public Ran {
            named = List.copyOf(named);
            faults = List.copyOf(faults);
            others = List.copyOf(others);
        }
    }

    /**
     * VMs that are off.
     *
     * @param vms the first of them, as forms name them; empty where the person may not start them
     * @param first how many those are
     */
    public record Offer(int all, Optional<String> vms, int first) {
        /** Whether there are more than one request takes. */
        public boolean capped() {
            return all > first;
        }
    }

    /** An artifact that kept its old key, or a VM that is off, and why. */
    public record Kept(String what, String href, String why) {}

    /**
     * The key version that everything has left.
     *
     * @param offered whether disabling it is offered
     * @param words why it is not, or what disabling it does
     */
    public record Old(KeyLook key, boolean offered, String words) {}

    /** The address of this page with {@link #hosts}. */
    public String withHosts() {
        return Moving.withHosts(again);
    }

    /** Whether the last change failed: to try that again comes first. */
    public boolean retrying() {
        return result.filter(r -> !r.done()).isPresent();
    }

    /** Whether the chosen key is the one that everything is under already. */
    public boolean already() {
        return target.isPresent() && way.isEmpty() && running.isEmpty() && may;
    }
}
