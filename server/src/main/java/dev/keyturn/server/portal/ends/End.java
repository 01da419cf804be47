package dev.keyturn.server.portal.ends;

import dev.keyturn.server.portal.frame.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Something that is hard or impossible to take back, as it would be now.
 *
 * @param here the entry of the navigation that it belongs to
 * @param crumbs where it is, from the outside in; the last one is gone back to
 * @param title what is to be done
 * @param button its button's word
 * @param action where its form leads
 * @param words what becomes of it
 * @param loss what would break; absent where nothing else needs it
 * @param needs what the loss is about: {@code this version}
 * @param parts what goes with it, or stays, one by one
 * @param against why it would be refused: then nothing is offered
 * @param until when what is against it ends by itself
 * @param typed what has to be typed
 * @param seen what its page carries, so that nothing is done that has become more, or another, since
 * @param steps the deed, as clients of the API say it
 */
public record End(
        String here,
        List<Way> crumbs,
        String title,
        String button,
        String action,
        List<String> words,
        Optional<Loss> loss,
        String needs,
        List<Part> parts,
        Optional<String> against,
        Optional<Instant> until,
        String typed,
        String seen,
        List<Step> steps) {
    public End {
        crumbs = List.copyOf(crumbs);
        words = List.copyOf(words);
        parts = List.copyOf(parts);
        steps = List.copyOf(steps);
        if (crumbs.isEmpty()) {
            throw new IllegalArgumentException("nothing to go back to");
        }
    }

    /** A page, by the name of what it shows. */
    public record Way(String text, String href) {}

    /** One thing, where its page is (empty where it has none), and what becomes of it. */
    public record Part(String name, String href, String becomes) {}

    /** As it is being put together. */
    public static final class Draft {
        private final String here;
        private final List<Way> crumbs;
        private final String title;
        private final String button;
        private final String action;
        private final String typed;
        private final List<String> words = new ArrayList<>();
        private Optional<Loss> loss = Optional.empty();
        private String needs = "";
        private List<Part> parts = List.of();
        private Optional<String> against = Optional.empty();
        private Optional<Instant> until = Optional.empty();
        private String seen = "";
        private List<Step> steps = List.of();

        private Draft(String here, List<Way> crumbs, String title, String button, String action, String typed) {
            this.here = here;
            this.crumbs = crumbs;
            this.title = title;
            this.button = button;
            this.action = action;
            this.typed = typed;
        }

        public Draft saying(String told) {
            words.add(told);
            return this;
        }

        /** With what would break, which {@code what} is needed for. */
        public Draft breaking(Loss broken, String what) {
            loss = Optional.of(broken);
            needs = what;
            seen = broken.shown();
            return this;
        }

        /** With what goes with it or stays; done only while that is {@code now}. */
        public Draft with(List<Part> all, String now) {
            parts = all;
            seen = now;
            return this;
        }

        /** As clients of the API do it. */
        public Draft by(Step... deed) {
            steps = List.of(deed);
            return this;
        }

        /** Where there is something against it, and nothing was yet. */
        public Draft unless(Optional<String> reason) {
            against = against.or(() -> reason);
            return this;
        }

        /** As {@link #unless}, for something that ends by itself then. */
        public Draft unlessUntil(String reason, Instant then) {
            against = Optional.of(reason);
            until = Optional.of(then);
            return this;
        }

        public End end() {
            return new End(
                    here, crumbs, title, button, action, words, loss, needs, parts, against, until, typed, seen, steps);
        }
    }

    public static Draft of(String here, List<Way> crumbs, String title, String button, String action, String typed) {
        return new Draft(here, crumbs, title, button, action, typed);
    }

    public Way back() {
        return crumbs.getLast();
    }

    /** Whether more would be done than a page told that carried {@code shown}. */
    boolean isBeyond(String shown) {
        return loss.map(l -> l.isBeyond(shown)).orElseGet(() -> !seen.equals(shown));
    }
}
