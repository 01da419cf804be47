package dev.keyturn.server.portal.sets;

import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.rotation.Rotation;
import dev.keyturn.core.rotation.RotationService.Account;
import dev.keyturn.server.portal.frame.Askers;
import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.frame.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A rotation as a page tells it.
 *
 * @param href of its report
 * @param state its class in the style
 * @param took how long, in words; what it took until now where it still runs
 * @param total what there was to re-wrap; 0 as long as that is not counted
 */
public record RotationLine(
        String href,
        KeyLook from,
        KeyLook to,
        String who,
        Instant at,
        String took,
        long total,
        long rewrapped,
        long failed,
        String state,
        String word,
        Optional<Trouble> error) {

    static RotationLine of(Account account, Instant now, Askers askers) {
        Rotation r = account.rotation();
        boolean known = account.operation().isPresent();
        boolean running = known && r.endedAt().isEmpty();
        boolean failed = account.status() != OperationStatus.SUCCEEDED;
        return new RotationLine(
                Links.set(r.set()) + "/rotations/" + r.id(),
                KeyLook.of(r.from()),
                KeyLook.of(r.to()),
                askers.told(r.requestedBy(), r.startedAt()),
                r.startedAt(),
                words(Duration.between(r.startedAt(), r.endedAt().orElse(now))),
                r.total(),
                r.rewrapped(),
                r.failed(),
                running ? "working" : failed ? "error" : "done",
                running ? "Running" : failed ? known ? "Failed" : "Not finished" : "Done",
                account.operation().flatMap(Operation::error).map(Trouble::of));
    }

    public boolean running() {
        return state.equals("working");
    }

    boolean succeeded() {
        return state.equals("done");
    }

    private static String words(Duration took) {
        long seconds = Math.max(0, took.toSeconds());
        if (seconds < 60) {
            return seconds < 1 ? "under 1 s" : seconds + " s";
        }
        return seconds < 3600
                ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }
}
