package dev.keyturn.server.http;

import java.util.Optional;

/**
 * One route, as the page that lists every route has it (docs/permissions.md): its method, its path pattern as in {@link
 * Routes#add}, and the action that its caller must be allowed. {@code asks} is empty where the table of routes does not
 * know one: the route is for any caller, or what stands behind it asks.
 */
public record Door(String method, String template, Optional<String> asks) {}
