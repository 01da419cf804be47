package dev.keyturn.server.portal.ends;

import dev.keyturn.core.keycrypto.KeyRefusals;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.server.http.ErrorStatus;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Frame;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The page before an {@link End}, and its form: the name has to be typed, and nothing is done that has become more since
 * the page was shown. Whoever makes the end asks for the right to it first. It decides nothing: the service that the deed
 * asks does, and what it refuses is told. A page insists on no loss.
 */
public record Ends(Entry entry) {
    private static final String REFUSED_ALONE = "No call is shown while something stands against it.";

    public Response page(Visitor visitor, End end) {
        return page(200, visitor, end, List.of());
    }

    /** @param deed what is done with the end as it is now, once that is confirmed; it answers with where to go on */
    public Response confirmed(Visitor visitor, Supplier<End> asked, Function<End, Response> deed) {
        End end = asked.get();
        String typed = visitor.request().form().getOrDefault("name", "").strip();
        if (!typed.equalsIgnoreCase(end.typed())) {
            return page(400, visitor, end, List.of("Nothing was done: what was typed is not '" + end.typed() + "'."));
        }
        if (end.isBeyond(visitor.request().form().getOrDefault("shown", ""))) {
            return page(409, visitor, end, List.of(beyond(end)));
        }
        try {
            return deed.apply(end);
        } catch (DomainException e) {
            if (!(e.error() instanceof DomainError.Conflict)
                    && !(e.error() instanceof DomainError.PreconditionFailed)) {
                throw e;
            }
            return page(ErrorStatus.of(e.error()), visitor, asked.get(), List.of(message(e.error())));
        }
    }

    private static String beyond(End end) {
        return end.loss().isPresent()
                ? "Nothing was done: more needs " + end.needs() + " now than when this page was shown. What would break"
                        + " is below."
                : "Nothing was done: it is not as it was when this page was shown. How it is now is below.";
    }

    /** A page insists on no loss, so it does not tell how a client would. */
    private static String message(DomainError error) {
        if (error instanceof DomainError.PreconditionFailed) {
            return "Nothing was done: it was changed by somebody else just now. How it is now is below.";
        }
        String message = error.info().message();
        int insisting = message.indexOf(", or repeat the request with the query parameter " + KeyRefusals.OVERRIDE);
        return insisting < 0 ? message : message.substring(0, insisting) + ".";
    }

    private Response page(int status, Visitor visitor, End end, List<String> problems) {
        Frame frame = entry.frame(visitor, end.title(), end.here(), Optional.empty());
        return entry.html()
                .page(
                        status,
                        "end",
                        end.against().isPresent() ? frame.alone(REFUSED_ALONE) : frame.with(end.steps()),
                        new EndPage(end, problems));
    }
}
