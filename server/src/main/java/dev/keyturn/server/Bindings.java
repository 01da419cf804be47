package dev.keyturn.server;

import dev.keyturn.server.data.DataDirectory;
import dev.keyturn.server.data.DataDirectoryException;
import dev.keyturn.server.http.HttpServer;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** What a server takes of its machine before anything else: its directory and its port. What cannot be had is told. */
record Bindings(ServerConfig config) {
    Optional<DataDirectory> directory(List<String> problems) {
        try {
            return Optional.of(DataDirectory.open(config.data()));
        } catch (DataDirectoryException e) {
            problems.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    Optional<HttpServer> listener(List<String> problems) {
        if (config.port() < 0 || config.port() > 65535) {
            return Optional.empty(); // told already
        }
        try {
            return Optional.of(HttpServer.bind(
                    new InetSocketAddress(config.listen(), config.port()), config.drain(), config.limits()));
        } catch (IOException e) {
            problems.add("Port " + config.port() + " on " + config.listen().getHostAddress() + " cannot be had: "
                    + reason(e) + ". Choose another with --port.");
            return Optional.empty();
        }
    }

    /** Where it listens, as {@code HOST:PORT}. */
    String address(HttpServer http) {
        String host = config.listen().getHostAddress();
        return (config.listen() instanceof Inet6Address ? "[" + host + "]" : host) + ":" + http.port();
    }

    private static String reason(IOException e) {
        Throwable at = e;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        return String.valueOf(at.getMessage());
    }
}
