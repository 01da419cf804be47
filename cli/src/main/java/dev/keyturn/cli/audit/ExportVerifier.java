package dev.keyturn.cli.audit;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.ChainVerifier;
import dev.keyturn.core.audit.CheckpointKeys;
import dev.keyturn.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Checks an export line by line, without a server. Not thread-safe. */
public final class ExportVerifier {
    private static final int TOLD = 100;
    private static final int LONGEST = 300;

    private final Optional<String> trusted;
    private final CheckpointKeys keys = new CheckpointKeys();
    private final List<String> keyIds = new ArrayList<>();
    private final Map<String, ChainVerifier> chains = new LinkedHashMap<>();
    private final List<String> findings = new ArrayList<>();
    private Optional<String> since = Optional.empty();
    private long lines;
    private boolean ended;

    /** @param trusted the only key whose signatures count; those of the file's own header where it is absent */
    public ExportVerifier(Optional<String> trusted) {
        this.trusted = trusted;
    }

    /** The text is not an export at all. */
    public static final class NoExportException extends Exception {
        private static final long serialVersionUID = 1L;

        NoExportException(String why) {
            super(why);
        }
    }

    /** @throws NoExportException where the first line is not that of an export */
    public void line(String text) throws NoExportException {
        if (lines++ == 0) {
            header(text);
        } else if (ended) {
            tell("comes behind the end");
        } else {
            try {
                content(Json.parseObject(text.getBytes(StandardCharsets.UTF_8)));
            } catch (RuntimeException e) {
                tell("cannot be read: " + why(e));
            }
        }
    }

    private void header(String text) throws NoExportException {
        try {
            ObjectNode header = Json.parseObject(text.getBytes(StandardCharsets.UTF_8));
            if (!ExportLines.FORMAT.equals(
                    ExportLines.optional(header, "format").orElse(""))) {
                throw new NoExportException("its first line does not say \"format\":\"" + ExportLines.FORMAT + "\"");
            }
            since = ExportLines.optional(header, "since");
            for (JsonNode key : header.path("keys")) {
                byte[] publicKey = Base64.getDecoder().decode(ExportLines.text(key, "publicKey"));
                String id = CheckpointKeys.id(publicKey);
                if (trusted.isEmpty() || trusted.get().equals(id)) {
                    keys.add(publicKey);
                    keyIds.add(id);
                }
            }
            for (JsonNode node : header.path("nodes")) {
                String name = chain(ExportLines.text(node, "name")).node();
                if (node.has("problem")) {
                    findings.add("node '" + name + "': the server says that its record was altered: "
                            + ExportLines.text(node, "problem"));
                }
            }
        } catch (RuntimeException e) {
            throw new NoExportException("its first line is not that of an export: " + why(e));
        }
        if (keyIds.isEmpty()) {
            findings.add(trusted.map(id -> "the key " + id + " is not in the file")
                    .orElse("the file names no key that its checkpoints were signed with"));
        }
    }

    /** Whatever a file holds, its reading ends with a word on it. */
    private static String why(RuntimeException e) {
        return Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    }

    private void content(ObjectNode line) {
        if (line.size() != 1) {
            tell("is not one of record, checkpoint, begin and end");
            return;
        }
        if (line.get("record") instanceof ObjectNode json) {
            AuditRecord found = ExportLines.record(json);
            chain(found.node()).add(found);
        } else if (line.get("checkpoint") instanceof ObjectNode json) {
            chain(ExportLines.text(json, "node")).add(ExportLines.checkpoint(json));
        } else if (line.get("begin") instanceof ObjectNode json) {
            begin(json);
        } else if (line.get("end") instanceof ObjectNode json) {
            ended = true;
            ExportLines.only(json, "lines");
            long said = ExportLines.number(json, "lines");
            if (said != lines - 1) {
                tell("says that there are " + said + " lines before it, and there are " + (lines - 1));
            }
        } else {
            tell("is not one of record, checkpoint, begin and end");
        }
    }

    private void begin(ObjectNode json) {
        ExportLines.only(json, "node", "checkpoint", "because");
        ChainVerifier chain = chain(ExportLines.text(json, "node"));
        boolean here = chain.vouched()
                .map(c -> c.number())
                .filter(n -> n == ExportLines.number(json, "checkpoint"))
                .isPresent();
        if (!here || chain.records() > 0) {
            tell("says that the chain begins behind a checkpoint that is not there");
            return;
        }
        switch (ExportLines.text(json, "because")) {
            case "retention" -> chain.cutBehind();
            case "since" -> {
                chain.beginsBehind();
                if (since.isEmpty()) {
                    tell("says that the chain begins where it was asked for, and the first line names no time");
                }
            }
            default -> tell("must say 'retention' or 'since' for why the chain begins there");
        }
    }

    private ChainVerifier chain(String node) {
        return chains.computeIfAbsent(node, n -> new ChainVerifier(n, keys));
    }

    private void tell(String what) {
        if (findings.size() < TOLD) {
            findings.add("line " + lines + " " + what);
        }
    }

    /** To be called behind the last line. */
    public void end() throws NoExportException {
        if (lines == 0) {
            throw new NoExportException("it is empty");
        }
        if (!ended) {
            findings.add("the file has no end: it was cut off behind line " + lines);
        }
        chains.values().forEach(ChainVerifier::end);
    }

    /** All that is wrong; empty where everything is whole. Fit for a terminal, whatever the file holds. */
    public List<String> findings() {
        List<String> all = new ArrayList<>(findings);
        chains.values().forEach(c -> all.addAll(c.findings()));
        return all.stream().map(ExportVerifier::plain).toList();
    }

    /** Text of somebody else's, without what a terminal would obey, and of limited length. */
    public static String plain(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u0080-\\u009f]", "?");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }

    public List<ChainVerifier> chains() {
        return List.copyOf(chains.values());
    }

    /** The keys whose signatures counted. */
    public List<String> keyIds() {
        return List.copyOf(keyIds);
    }

    /** Since when the export was asked for, if not from the begin on. */
    public Optional<String> since() {
        return since;
    }
}
