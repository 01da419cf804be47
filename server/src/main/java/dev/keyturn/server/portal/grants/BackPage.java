package dev.keyturn.server.portal.grants;

import java.util.Map;

/** Brings the answer to the program by a form, where it wants that. */
public record BackPage(String client, String action, Map<String, String> fields) {}
