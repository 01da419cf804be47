package dev.keyturn.cli;

import picocli.CommandLine.Option;

/** {@code --output}: text for a person, or one JSON document for a program. */
final class OutputOption {
    enum Format {
        text,
        json
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            description = "Text for a person (default), or one JSON document.")
    private Format format = Format.text;

    boolean json() {
        return format == Format.json;
    }
}
