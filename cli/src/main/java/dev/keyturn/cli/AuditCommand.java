package dev.keyturn.cli;

import picocli.CommandLine.Command;

@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "The record of who did what: export it, verify that nothing is missing, ask who used a key.",
        subcommands = {AuditExportCommand.class, AuditVerifyCommand.class, AuditUsesCommand.class})
final class AuditCommand {}
