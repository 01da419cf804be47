package dev.keyturn.acceptance;

import java.util.UUID;

/** Where versions of azure-cli need different words for the same. */
enum Dialect {
    /** Debian's 2.45, whose packaging breaks {@code keyvault key}, {@code role assignment} and most of {@code vm}. */
    OLD {
        @Override
        void grant(AzCommand az, Ground ground, String role, String principal) {
            String target = server(az) + ground.id(ground.vaultPath())
                    + "/providers/Microsoft.Authorization/roleAssignments/" + UUID.randomUUID()
                    + "?api-version=2022-04-01";
            az.run("rest", "--method", "put", "--url", target, "--body", """
                    {"properties": {"principalId": "%s", "principalType": "ServicePrincipal",
                    "roleDefinitionId": "/subscriptions/%s/providers/Microsoft.Authorization/roleDefinitions/%s"}}""".formatted(
                                    principal, az.env().subscription(), role))
                    .ok();
        }

        @Override
        String newKey(AzCommand az, Ground ground, String key) {
            String vaults = "https://" + az.env().vaultSuffix().substring(1);
            return az.run(
                            "rest",
                            "--method",
                            "post",
                            "--resource",
                            vaults,
                            "--url",
                            "https://" + ground.vaultHost() + "/keys/" + key + "/create?api-version=7.4",
                            "--body",
                            Ground.keyBody(),
                            "--query",
                            "key.kid",
                            "-o",
                            "tsv")
                    .ok();
        }

        @Override
        String activity(AzCommand az, String group, String query) {
            return az.run(
                            "monitor",
                            "activity-log",
                            "list",
                            "-g",
                            group,
                            "--offset",
                            "1h",
                            "--query",
                            query,
                            "-o",
                            "tsv")
                    .ok();
        }

        @Override
        void useVmCommands(AzCommand az) {
            az.run("cloud", "update", "--profile", "2020-09-01-hybrid").ok();
        }

        @Override
        void useAllCommands(AzCommand az) {
            az.run("cloud", "update", "--profile", "latest").ok();
        }

        @Override
        String certificate() {
            return "-p";
        }
    },

    /** From 2.60 on; Debian's packaging breaks all of {@code monitor}. */
    NEW {
        @Override
        void grant(AzCommand az, Ground ground, String role, String principal) {
            az.run(
                            "role",
                            "assignment",
                            "create",
                            "--role",
                            role,
                            "--assignee-object-id",
                            principal,
                            "--assignee-principal-type",
                            "ServicePrincipal",
                            "--scope",
                            ground.id(ground.vaultPath()))
                    .ok();
        }

        @Override
        String newKey(AzCommand az, Ground ground, String key) {
            return az.run(
                            "keyvault",
                            "key",
                            "create",
                            "--vault-name",
                            ground.vault(),
                            "-n",
                            key,
                            "--kty",
                            "RSA-HSM",
                            "--size",
                            "3072",
                            "--exportable",
                            "true",
                            "--default-cvm-policy",
                            "--ops",
                            "wrapKey",
                            "unwrapKey",
                            "--query",
                            "key.kid",
                            "-o",
                            "tsv")
                    .ok();
        }

        @Override
        String activity(AzCommand az, String group, String query) {
            String filter = "eventTimestamp ge '2020-01-01T00:00:00Z' and resourceGroupName eq '" + group + "'";
            String target = server(az)
                    + "/subscriptions/" + az.env().subscription()
                    + "/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$filter="
                    + filter.replace(" ", "%20").replace("'", "%27");
            return az.run("rest", "--method", "get", "--url", target, "--query", "value" + query, "-o", "tsv")
                    .ok();
        }

        @Override
        void useVmCommands(AzCommand az) {}

        @Override
        void useAllCommands(AzCommand az) {}

        @Override
        String certificate() {
            return "--certificate";
        }
    };

    private static final int NEW_FROM = 60;

    /** @param version such as {@code 2.45.0} */
    static Dialect of(String version) {
        return Integer.parseInt(version.split("\\.")[1]) < NEW_FROM ? OLD : NEW;
    }

    abstract void grant(AzCommand az, Ground ground, String role, String principal);

    /** A key fit for confidential VMs; the id of its version. */
    abstract String newKey(AzCommand az, Ground ground, String key);

    /** What is recorded of a group, as a JMESPath query of the list of records has it. */
    abstract String activity(AzCommand az, String group, String query);

    abstract void useVmCommands(AzCommand az);

    abstract void useAllCommands(AzCommand az);

    /** The option that a file with a certificate and its private key is given with. */
    abstract String certificate();

    private static String server(AzCommand az) {
        return az.env().server().toString();
    }
}
