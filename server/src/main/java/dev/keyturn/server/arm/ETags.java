package dev.keyturn.server.arm;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.server.http.Request;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Entity tags: a resource's revision in quotes. */
public final class ETags {
    private ETags() {}

    public static String of(Resource resource) {
        return "\"" + resource.revision() + "\"";
    }

    /** What {@code If-Match} and {@code If-None-Match} of the request ask for; 400 where one of them asks nothing. */
    public static Precondition condition(Request request) {
        return new Precondition(tags(request, "If-Match"), tags(request, "If-None-Match"));
    }

    /** A tag that is none of ours simply matches nothing, as a stale one does. */
    private static Optional<Precondition.Tags> tags(Request request, String header) {
        return request.header(header).map(String::strip).map(h -> {
            if (h.isEmpty()) {
                throw new DomainError.Invalid(ErrorInfo.at(
                                header,
                                "InvalidHeaderValue",
                                "The header " + header + " is empty. Send an ETag or '*' in it, or leave it out."))
                        .asException();
            }
            Set<String> values = new HashSet<>();
            boolean any = false;
            for (String part : h.split(",", -1)) {
                String tag = part.strip();
                any |= tag.equals("*");
                tag = tag.startsWith("W/") ? tag.substring(2) : tag;
                values.add(unquoted(tag));
            }
            return new Precondition.Tags(any, values);
        });
    }

    /** Without its quotes; some clients send none. A quote anywhere else makes it no tag of ours. */
    private static String unquoted(String tag) {
        return tag.length() > 1 && tag.startsWith("\"") && tag.endsWith("\"")
                ? tag.substring(1, tag.length() - 1)
                : tag;
    }
}
