package dev.keyturn.cli.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Resolves every name below {@code .localhost} to the loopback address, as RFC 6761, section 6.3, asks of resolvers;
 * glibc's does not. So vaults are reached by their host names without a line in the hosts file. All other names go to
 * the JDK's own resolver.
 */
public final class LoopbackNames extends InetAddressResolverProvider {
    /** Found by the JDK through {@code META-INF/services}. */
    public LoopbackNames() {}

    @Override
    public InetAddressResolver get(Configuration configuration) {
        return new Resolver(configuration.builtinResolver());
    }

    @Override
    public String name() {
        return "names below .localhost";
    }

    private record Resolver(InetAddressResolver rest) implements InetAddressResolver {
        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
            String name = host.toLowerCase(Locale.ROOT);
            boolean v4 = (policy.characteristics() & LookupPolicy.IPV4) != 0;
            if (v4 && (name.endsWith(".localhost") || name.endsWith(".localhost."))) {
                return Stream.of(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}));
            }
            return rest.lookupByName(host, policy);
        }

        @Override
        public String lookupByAddress(byte[] address) throws UnknownHostException {
            return rest.lookupByAddress(address);
        }
    }
}
