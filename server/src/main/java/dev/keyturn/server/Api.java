package dev.keyturn.server;

import dev.keyturn.core.envelope.PlatformKey;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.core.vm.DeepVerification;
import dev.keyturn.core.vm.SerialConsole;
import dev.keyturn.server.arm.ArmRoutes;
import dev.keyturn.server.arm.ArmSurface;
import dev.keyturn.server.arm.AttestationRoutes;
import dev.keyturn.server.arm.ClockRoutes;
import dev.keyturn.server.arm.HostFilesRoutes;
import dev.keyturn.server.arm.SubscriptionRoutes;
import dev.keyturn.server.arm.authorization.RoleAssignmentRoutes;
import dev.keyturn.server.arm.authorization.RoleDefinitionRoutes;
import dev.keyturn.server.arm.authorization.Scopes;
import dev.keyturn.server.arm.compute.ComputeRoutes;
import dev.keyturn.server.arm.compute.ComputeServices;
import dev.keyturn.server.arm.compute.ConsoleLinks;
import dev.keyturn.server.arm.compute.ConsoleRoutes;
import dev.keyturn.server.arm.resource.GroupRoutes;
import dev.keyturn.server.arm.resource.OpaqueRoutes;
import dev.keyturn.server.arm.resource.ResourceListRoutes;
import dev.keyturn.server.arm.resource.UserAssignedIdentityRoutes;
import dev.keyturn.server.arm.vault.VaultArmRoutes;
import dev.keyturn.server.arm.vault.VaultKeyRoutes;
import dev.keyturn.server.graph.GraphRoutes;
import dev.keyturn.server.http.Door;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.http.Surface;
import dev.keyturn.server.http.Surfaces;
import dev.keyturn.server.identity.Audiences;
import dev.keyturn.server.identity.IdentityRoutes;
import dev.keyturn.server.identity.Issuers;
import dev.keyturn.server.identity.ServerNames;
import dev.keyturn.server.identity.SignInLimits;
import dev.keyturn.server.identity.SigningKeys;
import dev.keyturn.server.identity.TokenAuthentication;
import dev.keyturn.server.identity.Tokens;
import dev.keyturn.server.keyvault.KeyVaultSurface;
import dev.keyturn.server.limits.Limit;
import dev.keyturn.server.limits.Limits;
import dev.keyturn.server.simulated.SimulatedHostRoutes;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/** Every surface with its routes, over the services of the domain. */
final class Api implements Surfaces {
    private final SigningKeys signingKeys;
    private final Routes open = new Routes();
    private final ArmSurface arm;
    private final Surface main;
    private final KeyVaultSurface keyVault;
    private final ServerNames names;

    Api(
            Domain domain,
            Subscription subscription,
            ServerNames names,
            PlatformKey master,
            Limits limits,
            Clock clock,
            Liveness liveness) {
        this.names = names;
        signingKeys = new SigningKeys(domain.transactions, domain.stores.signingKeys(), master, clock, domain.time);
        signingKeys.renew();
        Issuers issuers = new Issuers(names, subscription.tenant());
        Audiences audiences = new Audiences(names);
        TokenAuthentication authentication = new TokenAuthentication(signingKeys, issuers, domain.principals, clock);
        arm = new ArmSurface(authentication, audiences, domain.access, subscription);
        ConsoleRoutes consoles = new ConsoleRoutes(
                new SerialConsole(domain.vmParts),
                ConsoleLinks.open(
                        domain.transactions, domain.stores.settings(), master, domain.vmParts.random(), clock));
        addArm(arm.routes(), domain, consoles, subscription);
        AttestationRoutes.add(arm.routes(), subscription, names);

        new IdentityRoutes(
                        issuers,
                        audiences,
                        domain.principals,
                        signingKeys,
                        new Tokens(signingKeys, subscription.tenant(), clock),
                        new SignInLimits(limits, System::nanoTime),
                        clock)
                .addTo(open);
        new GraphRoutes(
                        domain.principals,
                        domain.assignments,
                        authentication,
                        audiences,
                        domain.access,
                        subscription,
                        clock)
                .addTo(open);
        new MetadataRoutes(names, issuers).addTo(open);
        new HealthRoutes(
                        domain.transactions,
                        domain.stores.settings(),
                        limits.seconds(Limit.READY_SECONDS),
                        clock,
                        liveness)
                .addTo(open);
        consoles.addOpen(open);
        main = new MainSurface(open, arm);
        keyVault = new KeyVaultSurface(
                authentication,
                audiences,
                domain.vaults,
                domain.keys,
                domain.assignments,
                domain.access,
                names.url() + "/" + subscription.tenant());
    }

    @Override
    public Surface at(String host) {
        return names.vaultAt(host).or(() -> names.hsmAt(host)).isPresent() ? keyVault : main;
    }

    /** Every route at the server's own name: what is open or asks for its token itself, then Azure Resource Manager. */
    List<Door> doors() {
        return Stream.concat(open.doors().stream(), arm.routes().doors().stream())
                .toList();
    }

    /** Every route at the name of a vault, or of a managed HSM. */
    List<Door> doors(VaultKind kind) {
        return keyVault.doors(kind);
    }

    /** The keys that tokens are signed with, for their renewal. */
    SigningKeys signingKeys() {
        return signingKeys;
    }

    private static void addArm(ArmRoutes routes, Domain d, ConsoleRoutes consoles, Subscription subscription) {
        SubscriptionRoutes.add(routes, subscription, d.generic);
        GroupRoutes.add(routes, d.groups);
        ResourceListRoutes.add(routes, d.generic);
        UserAssignedIdentityRoutes.add(routes, d.identities, d.generic, subscription);
        OpaqueRoutes.add(routes, d.generic);
        RoleDefinitionRoutes.add(routes);
        RoleAssignmentRoutes.add(
                routes,
                d.assignments,
                d.access,
                new Scopes(d.transactions, d.stores.resources(), d.vaults, d.keys.vaultKeys()));
        ComputeRoutes.add(
                routes,
                new ComputeServices(
                        d.vms,
                        consoles,
                        d.disks,
                        d.images,
                        d.sets,
                        d.rotations,
                        new DeepVerification(d.vmParts),
                        d.operations,
                        d.groups,
                        d.identities,
                        d.access,
                        subscription));
        VaultArmRoutes.add(routes, d.vaults, d.deletedVaults, subscription);
        ClockRoutes.add(routes, d.time, d.access, subscription.id());
        HostFilesRoutes.add(routes, d.unclaimed, d.access, subscription.id());
        VaultKeyRoutes.add(routes, d.vaults, d.keys.vaultKeys());
        d.simulated.ifPresent(host -> SimulatedHostRoutes.add(
                routes, host, d.faults, d.transactions, d.stores.vms(), d.access, subscription.id()));
    }
}
