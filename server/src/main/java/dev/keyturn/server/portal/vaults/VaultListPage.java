package dev.keyturn.server.portal.vaults;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Some vaults or managed HSMs, in the order of their ids.
 *
 * @param here where all of them are
 * @param noun what one is called
 * @param name what names must contain; empty for all
 * @param group the resource group that is looked in; empty for all
 * @param more the address of the page that follows
 * @param blind why no list can be shown, or why not all
 * @param create where one is made; absent for who may not
 * @param deleted those that were deleted and are not purged yet, by name; with the first page of those that are there
 * @param moreDeleted the address of the deleted ones that follow
 */
public record VaultListPage(
        String title,
        String here,
        String noun,
        String name,
        String group,
        List<Line> lines,
        Optional<String> more,
        Optional<String> blind,
        Optional<String> create,
        List<Deleted> deleted,
        Optional<String> moreDeleted) {
    public VaultListPage {
        deleted = List.copyOf(deleted);
        lines = List.copyOf(lines);
    }

    /**
     * One of them.
     *
     * @param keys how many there are; absent where the person may not see that
     */
    public record Line(
            String name,
            String href,
            String group,
            String location,
            String sku,
            int retention,
            boolean purgeProtection,
            String rights,
            Optional<Long> keys) {}

    /**
     * One that was deleted.
     *
     * @param group what it comes back to
     * @param makeGroup where that is made again, where it is gone
     */
    public record Deleted(
            String name,
            String href,
            String group,
            Optional<String> makeGroup,
            Instant at,
            Instant purgeAt,
            boolean purgeProtection,
            boolean mayRecover,
            boolean mayPurge) {}

    public boolean filtered() {
        return !name.isEmpty() || !group.isEmpty();
    }
}
