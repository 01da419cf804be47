package dev.keyturn.server.portal.sets;

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
        List<Kind> kinds,
        Optional<Result> result,
        Optional<KeyChoice> choice,
        Optional<KeyLook> target,
        Optional<InTheWay> way,
        String again,
        List<String> problems) {
    public KeyPage {
        kinds = List.copyOf(kinds);
        problems = List.copyOf(problems);
    }

    /**
     * How a rotation ended.
     *
     * @param kept what kept its old key, with the reason, as far as it is shown
     * @param more how many others did
     * @param old the key version that was left
     */
    public record Result(
            RotationLine rotation, String headline, List<Kept> kept, long more, boolean mayVerify, Optional<Old> old) {
        public Result {
            kept = List.copyOf(kept);
        }

        public boolean done() {
            return rotation.state().equals("done");
        }
    }

    /** Artifacts of one kind: how many there are, and how many of them are under the new key already. */
    public record Kind(String name, long moved, long total) {}

    /** An artifact that kept its old key. */
    public record Kept(String what, String why) {}

    /**
     * The key version that everything has left.
     *
     * @param offered whether disabling it is offered
     * @param words why it is not, or what disabling it does
     */
    public record Old(KeyLook key, boolean offered, String words) {}

    /** Whether the last change failed: to try that again comes first. */
    public boolean retrying() {
        return result.filter(r -> !r.done()).isPresent();
    }

    /** Whether the chosen key is the one that everything is under already. */
    public boolean already() {
        return target.isPresent() && way.isEmpty() && running.isEmpty() && may;
    }
}
