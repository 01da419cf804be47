package dev.keyturn.server.portal.sets;

import dev.keyturn.core.verification.Verification;
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
        boolean all = answer.failed() == 0;
        List<String> limits = new ArrayList<>();
        if (proof.rotatedSince()) {
            limits.add("A change of the key has begun since. It says nothing of the envelopes that are there now.");
        }
        boolean more = answer.leftOut().size() == Verification.Answer.LEFT_OUT;
        if (proof.later() > 0) {
            limits.add(count(proof.later(), "artifact is", "artifacts are")
                    + (more ? " in the set now that it may not have looked at" : " in the set now that came after it")
                    + ".");
        }
        if (proof.leftOut() > 0) {
            limits.add("It says nothing of " + count(proof.leftOut(), "artifact that is", "artifacts that are")
                    + " in the set now: in the making then, or of a virtual machine or disk whose deletion had begun.");
        }
        boolean stale = !limits.isEmpty();
        boolean none = all && answer.opened() == 0;
        return new LastProof(
                all ? stale || none ? "off" : "done" : "error",
                word(proof, all, none),
                none
                        ? "0 artifacts"
                        : "%,d of %,d artifacts".formatted(answer.opened(), answer.opened() + answer.failed()),
                KeyLook.of(answer.activeKey()),
                answer.otherKeys() == 0
                        ? ""
                        : "and, the set being split, " + count(answer.otherKeys(), "other version", "other versions"),
                stale,
                proof.verification().endedAt(),
                proof.verification().requestedBy(),
                limits,
                proof.verification().error().map(Trouble::of));
    }

    private static String word(Verification.Proof proof, boolean all, boolean none) {
        if (!all) {
            return "Not everything opened";
        }
        if (proof.leftOut() > 0) {
            return none ? "Nothing was proven" : "Everything else opened";
        }
        return none ? "There was nothing to prove" : "Everything opened";
    }

    private static String count(long number, String one, String many) {
        return "%,d %s".formatted(number, number == 1 ? one : many);
    }
}
