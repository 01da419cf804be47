package dev.keyturn.cli;

import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.client.ClientEnv;
import dev.keyturn.json.Json;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "reset-password",
        mixinStandardHelpOptions = true,
        description = {
            "Prints a link with which a person sets a new password, once within 24 hours. The old password, the passkeys,",
            "an earlier link and every session of the person end. Where --oidc-issuer signs people in, the link signs in without",
            "a password, and only somebody whom that provider does not know."
        })
final class ResetPasswordCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            defaultValue = "admin",
            description = "Who (default: ${DEFAULT-VALUE}).")
    private String name = "admin";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
        Answer answer;
        try (Api api = new Api(ClientEnv.read(data.directory().resolve("client.env")))) {
            String path = "/keyturn/people/" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "/resetPassword";
            answer = api.own("POST", path, Optional.empty());
        }
        PrintWriter out = spec.commandLine().getOut();
        String link = Answer.text(answer.body(), "signInUrl");
        out.println(
                output.json()
                        ? Json.pretty(Json.object().put("name", name).put("signInUrl", link))
                        : "'" + name + "' gets in with this link, once within 24 hours:\n" + link);
        return 0;
    }
}
