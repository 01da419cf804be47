package dev.keyturn.core.envelope;

/**
 * What decides who may use the keys of a vault or managed HSM, and so what helps whom it does not let. {@code name} is
 * the vault's or the managed HSM's.
 */
public record KeyGuard(Kind kind, String name) {
    /** Azure's three ways. */
    public enum Kind {
        /** A vault with {@code enableRbacAuthorization}: role assignments. */
        ROLES,
        /** A vault without it: its {@code accessPolicies}, which whoever may write the vault may change. */
        ACCESS_POLICIES,
        /** A managed HSM: its local roles; Azure's roles give nothing in it. */
        LOCAL_ROLES
    }

    /** The least that lets the identity of a disk encryption set use a key, as an order: "assign it the role ...". */
    public String remedyForSet() {
        return switch (kind) {
            case ROLES -> "assign it the role Key Vault Crypto Service Encryption User at vault '" + name + "'";
            case ACCESS_POLICIES ->
                "give it the key permissions get, wrapKey and unwrapKey in an access policy of vault '" + name
                        + "', which is on access policies, so that roles give nothing in it";
            case LOCAL_ROLES ->
                "assign it the local role Managed HSM Crypto Service Encryption User inside managed HSM '" + name
                        + "', where Azure's roles give nothing";
        };
    }
}
