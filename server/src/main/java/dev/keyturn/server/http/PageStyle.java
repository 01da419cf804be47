package dev.keyturn.server.http;

import dev.keyturn.core.model.DomainError;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** How Azure's two APIs ask for pages and link to the next one. */
public enum PageStyle {
    /** {@code $top} is any number from 1 on, and a page has 1000 entries at most. The link repeats the whole query. */
    ARM {
        private static final int DEFAULT = 200;
        private static final int MOST = 1000;

        @Override
        int size(Request request) {
            Optional<String> top = request.query("$top");
            if (top.isEmpty()) {
                return DEFAULT;
            }
            String text = top.get().strip();
            if (!text.matches("[1-9][0-9]{0,8}")) {
                throw DomainError.invalid("$top", "'$top' must be a whole number from 1 on, not '" + clip(text) + "'.")
                        .asException();
            }
            return Math.min(MOST, Integer.parseInt(text));
        }

        @Override
        String next(Request request, int size, String token) {
            StringBuilder link = new StringBuilder(request.origin());
            for (String segment : request.path().split("/")) {
                if (!segment.isEmpty()) {
                    link.append('/').append(encode(segment));
                }
            }
            char separator = '?';
            for (var e : request.query().entrySet()) {
                if (!e.getKey().equals("$skiptoken")) {
                    link.append(separator)
                            .append(encodeName(e.getKey()))
                            .append('=')
                            .append(encode(e.getValue()));
                    separator = '&';
                }
            }
            return link.append(separator).append("$skiptoken=").append(token).toString();
        }
    },

    /** {@code maxresults} is 1 to 25; the link has it, and nothing else but the version. */
    KEY_VAULT {
        private static final int MOST = 25;

        @Override
        int size(Request request) {
            Optional<String> text = request.query("maxresults");
            if (text.isEmpty()) {
                return MOST;
            }
            if (!text.get().matches("[1-9][0-9]?") || Integer.parseInt(text.get()) > MOST) {
                throw DomainError.invalid("maxresults", "'maxresults' must be a number from 1 to " + MOST + ".")
                        .asException();
            }
            return Integer.parseInt(text.get());
        }

        @Override
        String next(Request request, int size, String token) {
            return request.origin() + request.path() + "?api-version="
                    + URLEncoder.encode(request.query("api-version").orElse(""), StandardCharsets.UTF_8)
                    + "&$skiptoken=" + token + "&maxresults=" + size;
        }
    };

    /** @throws dev.keyturn.core.model.DomainException {@code Invalid} for a size that is none */
    abstract int size(Request request);

    /** The address of the next page, which begins behind what the token stands for. */
    abstract String next(Request request, int size, String token);

    private static String encodeName(String name) {
        return name.startsWith("$") ? "$" + encode(name.substring(1)) : encode(name);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String clip(String text) {
        return text.length() <= 30 ? text : text.substring(0, 30) + "...";
    }
}
