package dev.keyturn.server.http;

/**
 * The method of a route and the pattern of its path, as in {@link Routes#add}, for the page that lists every route
 * (docs/permissions.md). What its caller must be allowed, the service behind it asks.
 */
public record RoutePattern(String method, String template) {}
