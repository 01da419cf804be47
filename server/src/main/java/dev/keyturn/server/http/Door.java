package dev.keyturn.server.http;

/**
 * One route, as the page that lists every route has it (docs/permissions.md): its method, and its path pattern as in {@link
 * Routes#add}. What its caller must be allowed, the service behind it asks.
 */
public record Door(String method, String template) {}
