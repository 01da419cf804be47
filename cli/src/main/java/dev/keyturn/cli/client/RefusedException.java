package dev.keyturn.cli.client;

import dev.keyturn.cli.CliException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The server refused a request, or an operation failed: Azure's error with its details. */
public final class RefusedException extends CliException {
    private static final long serialVersionUID = 1L;
    private final int httpStatus;
    private final transient Refusal refusal;

    /** One error: its code, its sentence, the resource that it is about (may be empty text), and what lies under it. */
    public record Refusal(String code, String message, String target, List<Refusal> details) {
        public Refusal {
            details = List.copyOf(details);
        }

        static Refusal of(JsonNode error) {
            List<Refusal> details = new ArrayList<>();
            Answer.at(error, "details").ifPresent(d -> d.forEach(e -> details.add(of(e))));
            return new Refusal(
                    Answer.text(error, "code"), Answer.text(error, "message"), Answer.text(error, "target"), details);
        }
    }

    /** {@code httpStatus} is 200 where the request was taken and its operation failed later. */
    public RefusedException(int httpStatus, Refusal refusal) {
        super(FAILED, lines(refusal));
        this.httpStatus = httpStatus;
        this.refusal = refusal;
    }

    private static List<String> lines(Refusal refusal) {
        List<String> out = new ArrayList<>();
        out.add(refusal.code() + ": " + refusal.message());
        refusal.details().forEach(d -> out.add("  " + d.code() + ": " + d.message()));
        return out;
    }

    public int httpStatus() {
        return httpStatus;
    }

    public Refusal refusal() {
        return refusal;
    }
}
