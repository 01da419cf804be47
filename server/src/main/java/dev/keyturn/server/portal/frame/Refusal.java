package dev.keyturn.server.portal.frame;

import java.util.List;
import java.util.Optional;

/** What is shown in place of a page that is refused; {@code back} is where a form came from. */
public record Refusal(int status, String message, List<String> details, Optional<String> back) {}
