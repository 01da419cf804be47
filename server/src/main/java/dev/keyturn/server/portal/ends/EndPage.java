package dev.keyturn.server.portal.ends;

import java.util.List;

/** What is to be done, and why it was not. */
public record EndPage(End end, List<String> problems) {
    public EndPage {
        problems = List.copyOf(problems);
    }
}
