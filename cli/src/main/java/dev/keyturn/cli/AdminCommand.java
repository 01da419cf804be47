package dev.keyturn.cli;

import picocli.CommandLine.Command;

@Command(
        name = "admin",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "What who can read the data directory may do for the people of a running server.",
        subcommands = {ResetPasswordCommand.class})
final class AdminCommand {}
