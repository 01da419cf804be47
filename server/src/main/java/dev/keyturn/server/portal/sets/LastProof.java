package dev.keyturn.server.portal.sets;

import dev.keyturn.core.verification.Verification;
import dev.keyturn.server.portal.frame.Count;
import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.frame.Trouble;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the last verification of a set found, in the past tense: it says how everything was when it ended.
 *
 * @param stale whether it says less, or nothing, of what is there now
 * @param counted how many of how many
 * @param others which other key versions artifacts were under
 * @param limits what it does not say, a sentence each
 */
public record LastProof(
        String state,
        String word,
        String counted,
        KeyLook key,
        String others,
        boolean stale,
        Instant ended,
        String by,
        List<String> limits,
        Optional<Trouble> error) {
    public LastProof {
        limits = List.copyOf(limits);
    }

    static LastProof of(Verification.Proof proof) {
        Verification.Answer answer = proof.answer();
        boolean open = answer.failed() == 0;
        long unseen = answer.unseen().count();
        boolean all = open && unseen == 0;
        List<String> limits = new ArrayList<>();
        if (proof.rotatedSince()) {
            limits.add("A change of the key has begun since. It says nothing of the envelopes that are there now.");
        }
        boolean more = answer.leftOut().size() == Verification.Answer.LEFT_OUT;
        if (proof.later() > 0) {
            limits.add(Count.of(proof.later(), "artifact is", "artifacts are")
                    + (more ? " in the set now that it may not have looked at" : " in the set now that came after it")
                    + ".");
        }
        if (proof.leftOut() > 0) {
            limits.add("It says nothing of " + Count.of(proof.leftOut(), "artifact that is", "artifacts that are")
                    + " in the set now: in the making then, or of a virtual machine or disk whose deletion had begun.");
        }
        if (unseen > 0) {
            limits.add(
                    Count.of(unseen, "artifact was", "artifacts were")
                            + " not looked at, because a host did not answer. That says nothing against them, and nothing for them.");
            answer.unseen().reasons().forEach(r -> limits.add(r.message()));
        }
        boolean stale = !limits.isEmpty();
        boolean none = all && answer.opened() == 0;
        return new LastProof(
                all ? stale || none ? "off" : "done" : open ? "warning" : "error",
                word(proof, open, all, none),
                none
                        ? "0 artifacts"
                        : Count.number(answer.opened()) + " of "
                                + Count.of(answer.opened() + answer.failed() + unseen, "artifact"),
                KeyLook.of(answer.activeKey()),
                answer.otherKeys() == 0
                        ? ""
                        : "and, the set being split, " + Count.of(answer.otherKeys(), "other version"),
                stale,
                proof.verification().endedAt(),
                proof.verification().requestedBy(),
                limits,
                proof.verification().error().map(Trouble::of));
    }

    private static String word(Verification.Proof proof, boolean open, boolean all, boolean none) {
        if (!open) {
            return "Not everything opened";
        }
        if (!all) {
            return "Not everything was looked at";
        }
        if (proof.leftOut() > 0) {
            return none ? "Nothing was proven" : "Everything else opened";
        }
        return none ? "There was nothing to prove" : "Everything opened";
    }
}
