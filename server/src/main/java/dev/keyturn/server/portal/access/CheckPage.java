package dev.keyturn.server.portal.access;

import dev.keyturn.core.access.Holder;
import dev.keyturn.server.portal.frame.Place;
import java.util.List;
import java.util.Optional;

/**
 * What somebody may do at a scope, and why.
 *
 * @param scope what was typed
 * @param answer empty until somebody is asked about
 */
public record CheckPage(
        String who,
        String scope,
        List<Holder> some,
        List<Place> places,
        Optional<Answer> answer,
        List<String> problems) {
    public CheckPage {
        some = List.copyOf(some);
        places = List.copyOf(places);
        problems = List.copyOf(problems);
    }

    /**
     * The answer.
     *
     * @param everywhere every role that they hold, here or elsewhere; empty where the one who asks may not know
     * @param policies whether access policies decide about the keys of the vault there
     */
    public record Answer(
            Holder who,
            Place at,
            List<Role> held,
            Optional<Everywhere> everywhere,
            List<Section> sections,
            long allowed,
            long all,
            boolean policies) {
        public Answer {
            held = List.copyOf(held);
            sections = List.copyOf(sections);
        }
    }

    /** What somebody holds anywhere; {@code hidden} are local roles in managed HSMs that the reader may not see. */
    public record Everywhere(List<Role> roles, long hidden) {
        public Everywhere {
            roles = List.copyOf(roles);
        }
    }

    /** A role that is held; {@code through} is the name of the group of people that has it. */
    public record Role(String name, String told, Place where, Optional<String> through) {}

    /** The actions on one kind of thing. */
    public record Section(String name, List<Line> lines, long allowed) {
        public Section {
            lines = List.copyOf(lines);
        }
    }

    /** One action; {@code why} says what allows it, or is empty where nothing does. */
    public record Line(String action, boolean allowed, String why) {}
}
