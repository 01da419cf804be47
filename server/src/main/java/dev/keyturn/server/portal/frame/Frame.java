package dev.keyturn.server.portal.frame;

import java.util.List;
import java.util.Optional;

/**
 * What surrounds every page.
 *
 * @param title of the page, without the product's name
 * @param here the entry of the navigation that the page belongs to; empty where it belongs to none
 * @param person the name of who is signed in
 * @param csrf what every form of the page brings back
 * @param path of this page, for what comes back to it
 * @param said what the step before led to, to be told at the top
 */
public record Frame(
        String title,
        String here,
        Optional<String> person,
        String csrf,
        String path,
        Optional<Said> said,
        Assets assets) {

    /** One entry of the navigation. */
    public record Entry(String name, String href) {}

    /** What a step led to; {@code kind} is {@code done}, {@code warning} or {@code error}. */
    public record Said(String kind, String text) {}

    /** In the order in which they stand. */
    public static final List<Entry> NAVIGATION = List.of(
            new Entry("Overview", "/portal"),
            new Entry("Virtual machines", "/portal/vms"),
            new Entry("Disk encryption sets", "/portal/sets"),
            new Entry("Key vaults", Links.VAULTS),
            new Entry("Managed HSMs", Links.HSMS),
            new Entry("People", "/portal/people"));

    public List<Entry> navigation() {
        return person.isPresent() ? NAVIGATION : List.of();
    }
}
