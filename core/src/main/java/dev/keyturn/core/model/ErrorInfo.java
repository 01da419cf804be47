package dev.keyturn.core.model;

import java.util.List;
import java.util.Optional;

/**
 * What went wrong, in Azure's shape: a code from the field's vocabulary, a sentence for a person, the field or resource
 * it is about, and one nested entry per single problem. Never holds a secret.
 */
public record ErrorInfo(String code, String message, Optional<String> target, List<ErrorInfo> details) {
    public ErrorInfo {
        details = List.copyOf(details);
    }

    public static ErrorInfo of(String code, String message) {
        return new ErrorInfo(code, message, Optional.empty(), List.of());
    }

    public static ErrorInfo at(String target, String code, String message) {
        return new ErrorInfo(code, message, Optional.of(target), List.of());
    }

    public ErrorInfo with(List<ErrorInfo> nested) {
        return new ErrorInfo(code, message, target, nested);
    }
}
