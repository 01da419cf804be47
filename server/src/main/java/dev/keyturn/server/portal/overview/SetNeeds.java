package dev.keyturn.server.portal.overview;

import dev.keyturn.core.diskset.Census;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.server.portal.frame.KeyLook;
import dev.keyturn.server.portal.frame.Links;
import dev.keyturn.server.portal.overview.OverviewPage.Need;
import java.util.List;
import java.util.Optional;

/** What a set needs whose last rotation did not end well. */
final class SetNeeds {
    private SetNeeds() {}

    static Optional<Need> rotation(Census census) {
        DiskEncryptionSet set = census.set();
        if (set.rotation().isPresent()) {
            return Optional.empty();
        }
        if (census.split()) {
            return Optional.of(need(
                    set,
                    "warning",
                    "is split: " + census.underOthers() + " of " + census.total() + " artifacts are not under "
                            + KeyLook.of(set.activeKey()).label() + ".",
                    "Finish"));
        }
        return set.lastRotationError()
                .map(ErrorInfo::message)
                .map(m -> need(set, "error", "could not be rotated: " + m, "Try again"));
    }

    private static Need need(DiskEncryptionSet set, String kind, String what, String action) {
        return new Need(
                kind,
                set.id().name(),
                what,
                Optional.empty(),
                List.of(),
                0,
                Optional.empty(),
                Links.key(set.id()),
                action);
    }
}
