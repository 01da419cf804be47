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
 * @param seen the moment before the page was filled, as {@link Pulse} counts them; empty where nobody is signed in
 * @param running how many operations are at work that the person may see; {@link #MANY} stands for that and more
 * @param steps the same as the page and its forms, as clients of the API say it
 * @param alone one sentence that says so where no client of the API can do the same; shown where there are no steps
 */
public record Frame(
        String title,
        String here,
        Optional<String> person,
        String csrf,
        String path,
        Optional<Said> said,
        Assets assets,
        String seen,
        int running,
        List<Step> steps,
        String alone) {
    static final int MANY = 100;

    public Frame {
        steps = List.copyOf(steps);
    }

    /** One entry of the navigation. */
    public record Entry(String name, String href) {}

    /** What a step led to; {@code kind} is {@code done}, {@code warning} or {@code error}. */
    public record Said(String kind, String text) {}

    /** In the order in which they stand. */
    public static final List<Entry> NAVIGATION = List.of(
            new Entry("Overview", "/portal"),
            new Entry("Virtual machines", "/portal/vms"),
            new Entry("Disks", Links.DISKS),
            new Entry("Disk encryption sets", "/portal/sets"),
            new Entry("Key vaults", Links.VAULTS),
            new Entry("Managed HSMs", Links.HSMS),
            new Entry("Resource groups", Links.RESOURCE_GROUPS),
            new Entry("Activity", Links.ACTIVITY),
            new Entry("Access", "/portal/access"));

    /** With what clients of the API say in the page's place, which the page shows when it is asked to. */
    public Frame with(Step... same) {
        return with(List.of(same));
    }

    /** As the other. */
    public Frame with(List<Step> same) {
        return new Frame(title, here, person, csrf, path, said, assets, seen, running, same, alone);
    }

    /** Says that no call does the same, and what to do in its place, where there is something. */
    public Frame alone(String sentence) {
        return new Frame(title, here, person, csrf, path, said, assets, seen, running, steps, sentence);
    }

    /** How many operations are at work, in few characters. */
    public String busy() {
        return running >= MANY ? MANY - 1 + "+" : Integer.toString(running);
    }

    public List<Entry> navigation() {
        return person.isPresent() ? NAVIGATION : List.of();
    }
}
