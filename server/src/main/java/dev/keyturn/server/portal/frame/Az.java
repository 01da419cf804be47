package dev.keyturn.server.portal.frame;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A command of azure-cli, as somebody pastes it into a POSIX shell (bash, zsh, sh): each word is one word there, whatever
 * is in it. Immutable.
 */
public record Az(List<String> words) {
    /** What a shell takes as it stands. A tilde and a brace it would not. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:%+,@=-]+");

    public Az {
        words = List.copyOf(words);
    }

    /** {@code az vm start} is {@code Az.of("vm", "start")}. */
    public static Az of(String... command) {
        return new Az(Stream.concat(Stream.of("az"), Stream.of(command)).toList());
    }

    /** An option and what it says; {@code option} is with its dashes. */
    public Az with(String option, String value) {
        // a value that begins so would be taken for an option, or for the name of a file to be read
        boolean odd = value.startsWith("-") || value.startsWith("@");
        return plus(odd ? List.of(option + "=" + value) : List.of(option, value));
    }

    /** Words as they are, such as {@code name=value} pairs behind an option. */
    public Az plus(List<String> more) {
        return new Az(Stream.concat(words.stream(), more.stream()).toList());
    }

    /** The command as it is typed. */
    public String text() {
        return words.stream().map(Az::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
