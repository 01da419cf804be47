package dev.keyturn.server.portal.vaults;

import dev.keyturn.server.portal.frame.KeyLook;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One key, with its versions.
 *
 * @param resource its id as a resource, by which the activity log knows it; absent where it is none, or not to be seen
 * @param type its kind and size
 * @param usesBlind why it cannot be told what needs its versions
 * @param more the address of the versions that follow
 * @param policy absent where the person may not see it
 * @param newSet where a set with its newest version is made; absent for who may not
 * @param end absent while it is there
 * @param problems why what was asked for was not done
 */
public record VaultKeyPage(
        String name,
        String vault,
        String noun,
        String all,
        String vaultHref,
        String href,
        String id,
        Optional<String> resource,
        String type,
        List<Version> versions,
        Optional<String> usesBlind,
        Optional<String> more,
        Optional<Policy> policy,
        boolean mayRotate,
        boolean mayDelete,
        Optional<String> newSet,
        Optional<End> end,
        List<String> problems) {
    public VaultKeyPage {
        versions = List.copyOf(versions);
        problems = List.copyOf(problems);
    }

    /**
     * One version.
     *
     * @param hardware whether its type says that it lives in hardware
     * @param active the sets whose active key it is
     * @param coming the sets that are being changed to it
     * @param others the sets that have artifacts under it without
     * @param artifacts absent where the person may not see that
     * @param id what its address ends with
     */
    public record Version(
            KeyLook key,
            String id,
            boolean newest,
            VersionState state,
            boolean enabled,
            Instant created,
            Optional<Instant> notBefore,
            Optional<Instant> expires,
            boolean hardware,
            boolean exportable,
            List<VaultPage.SetLink> active,
            List<VaultPage.SetLink> coming,
            List<VaultPage.SetLink> others,
            Optional<Long> artifacts,
            boolean mayUpdate) {
        public Version {
            active = List.copyOf(active);
            coming = List.copyOf(coming);
            others = List.copyOf(others);
        }
    }

    /**
     * When new versions are made by themselves, as the form has it.
     *
     * @param rotate {@code never}, {@code after} a version was made, or {@code before} it expires
     * @param period how long after or before, ISO 8601
     * @param notifying as {@code rotate}
     * @param life of each new version
     */
    public record Policy(
            String rotate,
            String period,
            String notifying,
            String notifyPeriod,
            String life,
            String words,
            boolean mayWrite,
            List<String> problems) {
        public Policy {
            problems = List.copyOf(problems);
        }
    }

    /** That it was deleted, and what can still be done. */
    public record End(Instant at, Instant purgeAt, boolean mayRecover, boolean mayPurge, boolean protectedFromPurge) {}
}
