package dev.keyturn.server.portal.vaults;

import dev.keyturn.core.access.Holder;
import dev.keyturn.server.portal.vaults.VaultPage.SetLink;
import java.util.List;
import java.util.Optional;

/**
 * The access policies of a vault.
 *
 * @param works whether they decide about its keys, and roles do not
 * @param blind what the person may not see of what they are for
 * @param words every key permission that there is
 * @param give what is filled in to give somebody a policy; absent for who may not
 */
public record PolicyPage(
        String vault,
        String vaultHref,
        String href,
        boolean works,
        Optional<String> blind,
        List<String> words,
        List<Entry> entries,
        Optional<Give> give,
        List<String> problems) {
    public PolicyPage {
        words = List.copyOf(words);
        entries = List.copyOf(entries);
        problems = List.copyOf(problems);
    }

    /**
     * What one holder has.
     *
     * @param of what the entry is named by in forms
     * @param now how it is, which its form brings back
     * @param name what people call the holder
     * @param detail the object id, and the application that it is bound to
     * @param keys its key permissions
     * @param others permissions of other kinds, which have no effect here
     * @param needers sets whose identity it is, and that use keys of the vault
     */
    public record Entry(
            String of,
            String now,
            String name,
            String detail,
            List<String> keys,
            List<String> others,
            List<SetLink> needers) {
        public Entry {
            keys = List.copyOf(keys);
            others = List.copyOf(others);
            needers = List.copyOf(needers);
        }

        /** What people read first. */
        public String summary() {
            return keys.isEmpty() ? "no key permission" : String.join(", ", keys);
        }
    }

    /** A form, as it was typed. */
    public record Give(String who, List<String> keys, List<Holder> some) {
        public Give {
            keys = List.copyOf(keys);
            some = List.copyOf(some);
        }
    }
}
