package dev.keyturn.core.diskset;

import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import java.util.List;

/** Tells whoever updates a half-rotated set what that did not do (docs/rules.md, "What saves a key"). */
final class SplitWarning {
    private SplitWarning() {}

    /** @param others the key versions other than the active one that artifacts are under; empty: no warning */
    static List<ErrorInfo> of(DiskEncryptionSet set, List<KeyId> others) {
        if (others.isEmpty()) {
            return List.of();
        }
        String urls = String.join(
                " and ", others.stream().map(k -> "'" + k.url() + "'").toList());
        return List.of(ErrorInfo.at(
                set.id().toString(),
                "ArtifactsUnderSeveralKeys",
                "Artifacts of disk encryption set '" + set.id().name() + "' are still under " + urls
                        + ", beside its active key '" + set.activeKey().url()
                        + "'. This update saved no key. Save " + (others.size() == 1 ? urls : "one of them")
                        + " again to finish the rotation, or the active key with nothing else changed to roll back."));
    }
}
