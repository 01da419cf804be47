package dev.keyturn.server.http;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A request target, taken apart: the path percent-decoded once with doubled and trailing slashes removed, the query
 * with its names decoded too (some clients send {@code api%2Dversion}). Decoding is strict; nothing is repaired that
 * could be read in two ways.
 */
record Target(String path, Map<String, String> query) {
    static Target parse(String target) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? "" : target.substring(mark + 1);
        return new Target(path(path), query(query));
    }

    private static String path(String raw) {
        if (!raw.startsWith("/")) {
            throw malformed("The path of the request does not begin with '/'.");
        }
        StringBuilder out = new StringBuilder(raw.length());
        for (String segment : decode(raw, false).split("/")) {
            if (segment.isEmpty()) {
                continue;
            }
            if (segment.equals(".") || segment.equals("..")) {
                throw malformed("The path of the request has a '.' or '..' segment.");
            }
            out.append('/').append(segment);
        }
        return out.isEmpty() ? "/" : out.toString();
    }

    static Map<String, String> query(String raw) {
        Map<String, String> out = new HashMap<>();
        pairs(raw).forEach(pair -> out.put(pair.getKey(), pair.getValue()));
        return out;
    }

    /** Every field with its name in lower case, in the order in which they were sent. */
    static List<Map.Entry<String, String>> pairs(String raw) {
        List<Map.Entry<String, String>> out = new ArrayList<>();
        for (String pair : raw.split("&")) {
            if (!pair.isEmpty()) {
                int eq = pair.indexOf('=');
                String name = decode(eq < 0 ? pair : pair.substring(0, eq), true);
                String value = eq < 0 ? "" : decode(pair.substring(eq + 1), true);
                out.add(Map.entry(name.toLowerCase(Locale.ROOT), value));
            }
        }
        return out;
    }

    /** Percent-decodes strictly; control characters are refused. {@code form}: a plus stands for a space. */
    static String decode(String raw, boolean form) {
        byte[] in = raw.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(in.length);
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%') {
                int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
                int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw malformed("The request's address has an incomplete percent escape.");
                }
                out.put((byte) (high * 16 + low));
                i += 2;
            } else {
                out.put(form && in[i] == '+' ? (byte) ' ' : in[i]);
            }
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(out.flip()).toString();
        } catch (CharacterCodingException e) {
            throw malformed("The request's address is not UTF-8 text.");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw malformed("The request's address has a control character.");
        }
        return text;
    }

    private static RuntimeException malformed(String message) {
        return new DomainError.Invalid(ErrorInfo.of("InvalidRequestUri", message)).asException();
    }
}
