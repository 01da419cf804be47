package dev.keyturn.server.portal.vaults;

import dev.keyturn.server.portal.frame.KeyLook;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One vault or managed HSM, as far as the person may see it.
 *
 * @param delete where it is deleted; absent for who may not
 * @param facts what it is like; empty for who may use its keys alone
 * @param holders who may use its keys; absent where the person may not see that, and {@code blind} says why
 * @param policies where its access policies are; absent where it is on roles and has none
 * @param keysBlind why its keys cannot be listed
 * @param more the address of the keys that follow
 * @param deletedMore whether more deleted keys are there than are shown
 * @param create where a key is made; absent for who may not
 * @param ownRole a role that the person lacks for keys, and may give to themselves
 */
public record VaultPage(
        String name,
        String noun,
        String all,
        String href,
        String uri,
        Optional<String> id,
        Optional<String> delete,
        Map<String, String> facts,
        List<String> warnings,
        Optional<List<Holder>> holders,
        String holdersBlind,
        Optional<String> policies,
        List<KeyLine> keys,
        Optional<String> keysBlind,
        Optional<String> more,
        List<DeletedLine> deleted,
        boolean deletedMore,
        Optional<String> create,
        Optional<String> ownRole) {
    public VaultPage {
        warnings = List.copyOf(warnings);
        holders = holders.map(List::copyOf);
        keys = List.copyOf(keys);
        deleted = List.copyOf(deleted);
    }

    /**
     * Somebody who may do something with its keys.
     *
     * @param kind person, program, identity of a resource
     * @param role the role, or the permissions of an access policy
     * @param from where that was given
     */
    public record Holder(String name, String kind, String role, String from) {}

    /** A key by its newest version. */
    public record KeyLine(
            String name,
            String href,
            String type,
            KeyLook newest,
            VersionState state,
            Optional<Instant> expires,
            List<SetLink> sets) {
        public KeyLine {
            sets = List.copyOf(sets);
        }
    }

    /** A set that a key is active for. */
    public record SetLink(String name, String href) {}

    /** A key that was deleted, and can be brought back until it is purged. */
    public record DeletedLine(
            String name, String href, Instant deletedAt, Instant purgeAt, boolean mayRecover, boolean mayPurge) {}
}
