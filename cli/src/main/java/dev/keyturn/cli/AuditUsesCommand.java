package dev.keyturn.cli;

import dev.keyturn.cli.audit.ExportVerifier;
import dev.keyturn.cli.audit.RecordBegin;
import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.client.ClientEnv;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.json.Json;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "uses",
        mixinStandardHelpOptions = true,
        description =
                "Who used a key version lately, newest first; refused and failed attempts too. To be asked before one is"
                        + " disabled.")
final class AuditUsesCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Parameters(index = "0", paramLabel = "KEY-URL", description = "https://VAULT/keys/NAME/VERSION")
    private String key = "";

    @Option(names = "--days", paramLabel = "N", description = "How far back (default: ${DEFAULT-VALUE}).")
    private int days = 30;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
        KeyId version = KeyId.parse(key)
                .orElseThrow(() -> CliException.usage(
                        "KEY-URL must name one version, as https://VAULT/keys/NAME/VERSION, not '" + key + "'"));
        if (days < 1 || days > 36_500) {
            throw CliException.usage("--days must be between 1 and 36500, not " + days);
        }
        Instant since = Clock.systemUTC().instant().minus(Duration.ofDays(days));
        List<JsonNode> found = new ArrayList<>();
        Optional<Instant> begin;
        try (Api api = new Api(ClientEnv.read(data.directory().resolve("client.env")))) {
            api.ownPages(
                    "/keyturn/audit?since=" + since + "&keyVersion="
                            + URLEncoder.encode(version.url(), StandardCharsets.UTF_8),
                    found::add);
            begin = RecordBegin.of(api);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (output.json()) {
            ArrayNode all = Json.array();
            found.forEach(all::add);
            ObjectNode answer = Json.object().put("keyVersion", version.url()).put("since", since.toString());
            begin.ifPresent(t -> answer.put("recordBegins", t.toString()));
            out.println(Json.pretty(answer.set("uses", all)));
            return 0;
        }
        if (found.isEmpty()) {
            out.println("Nobody used " + version.url() + " in the last " + days + " days.");
        }
        found.forEach(use -> out.println(ExportVerifier.plain(line(use))));
        if (begin.isEmpty()) {
            out.println("The record is empty.");
        }
        begin.filter(since::isBefore)
                .ifPresent(t -> out.println("The record begins on " + t + ": what was used before, it does not know."));
        out.println(
                "An artifact can be under a version that nobody unwrapped lately: before you disable one, look at the"
                        + " census of each set that had it (.../diskEncryptionSets/{set}/census).");
        return 0;
    }

    private static String line(JsonNode use) {
        String action = Answer.text(use, "action");
        String verb = action.replaceFirst("/action$", "");
        return String.format(
                Locale.ROOT,
                "%-24s  %-8s  %-10s  %s%s",
                Answer.text(use, "at"),
                Answer.text(use, "outcome").toLowerCase(Locale.ROOT),
                verb.substring(verb.lastIndexOf('/') + 1),
                Answer.text(use, "callerName"),
                Answer.at(use, "code").map(c -> "  (" + c.stringValue() + ")").orElse(""));
    }
}
