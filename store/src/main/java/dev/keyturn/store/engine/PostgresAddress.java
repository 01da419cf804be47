package dev.keyturn.store.engine;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where a PostgreSQL database is and as whom it is connected to, as people write it:
 * {@code postgresql://user@host:port/name?sslmode=verify-full&sslrootcert=FILE}. It never holds a password, and so
 * {@link #toString} can be told to anybody.
 *
 * <p>A connection to another machine is over TLS, and the server has to prove that it is {@code host}, unless the address
 * says {@code sslmode=disable}. On this machine itself (a loopback address) there is no TLS unless the address asks for
 * it. The words are PostgreSQL's own; those of its modes that encrypt for whoever answers are not offered.
 *
 * @param host a name, an IPv4 address, or an IPv6 address in brackets
 * @param rootCertificate who signs the server's certificate, as PEM; empty: whom the Java runtime trusts
 */
public record PostgresAddress(
        String user, String host, int port, String database, Tls tls, Optional<Path> rootCertificate) {
    public static final String SYNTAX = "postgresql://USER@HOST:PORT/NAME";

    /** What the server's list of sessions calls those of nodes. */
    static final String APPLICATION = "keyturn";

    /** How long a connection may take to be made, in seconds. */
    private static final int CONNECT = 10;

    private static final int DEFAULT_PORT = 5432;
    private static final Pattern SHAPE = Pattern.compile("postgresql://([^/?#]*)(?:/([^?#]*))?(?:\\?([^#]*))?");
    private static final Pattern HOST = Pattern.compile("\\[[0-9A-Fa-f:.]{2,45}]|[0-9A-Za-z](?:[0-9A-Za-z.-]{0,252})");
    private static final Pattern THIS_MACHINE = Pattern.compile("localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1]");
    private static final String NO_PASSWORD =
            "The address of a database has no password in it: everybody on this machine"
                    + " could read it in the list of processes. Put it into a file that only you can read"
                    + " (--database-password-file FILE), or into the environment (" + PostgresPassword.VARIABLE + ").";

    /** PostgreSQL's {@code sslmode}. */
    public enum Tls {
        DISABLE("disable"),
        VERIFY_FULL("verify-full");

        private final String word;

        Tls(String word) {
            this.word = word;
        }
    }

    /** Reads an address; everything that is wrong with it goes into {@code problems}, one sentence each. */
    public static Optional<PostgresAddress> parse(String text, List<String> problems) {
        Matcher shape = SHAPE.matcher(text);
        if (!shape.matches()) { // not told back: there may be a password in it
            problems.add("The address of a PostgreSQL database looks like " + SYNTAX + ".");
            return Optional.empty();
        }
        int before = problems.size();
        String authority = shape.group(1);
        int at = authority.lastIndexOf('@');
        String user = user(authority.substring(0, Math.max(at, 0)), problems);
        String place = authority.substring(at + 1);
        int colon = place.lastIndexOf(':') > place.lastIndexOf(']') ? place.lastIndexOf(':') : -1;
        String host = colon < 0 ? place : place.substring(0, colon);
        if (!HOST.matcher(host).matches()) {
            problems.add("The address of the database must name a host, or an IP address (IPv6 in brackets): " + SYNTAX
                    + ".");
        }
        int port = colon < 0 ? DEFAULT_PORT : port(place.substring(colon + 1), problems);
        String database = name(Optional.ofNullable(shape.group(2)).orElse(""), "the name of the database", problems);
        Parameters asked = Parameters.read(Optional.ofNullable(shape.group(3)).orElse(""), problems);
        if (problems.size() > before) {
            return Optional.empty();
        }
        Tls tls = asked.tls()
                .orElse(
                        asked.rootCertificate().isEmpty()
                                        && THIS_MACHINE.matcher(host).matches()
                                ? Tls.DISABLE
                                : Tls.VERIFY_FULL);
        return Optional.of(new PostgresAddress(user, host, port, database, tls, asked.rootCertificate()));
    }

    private static String user(String text, List<String> problems) {
        if (text.indexOf(':') >= 0) {
            problems.add(NO_PASSWORD);
            return "";
        }
        return name(text, "a user before the '@'", problems);
    }

    private static String name(String text, String what, List<String> problems) {
        Optional<String> name = decoded(text);
        if (name.isEmpty() || name.get().isEmpty() || name.get().chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            problems.add("The address of the database must have " + what + ", with anything unusual as %XX: " + SYNTAX
                    + ".");
        }
        return name.orElse("");
    }

    private static int port(String text, List<String> problems) {
        int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 65535) {
            problems.add("The port in the address of the database must be a number from 1 to 65535.");
        }
        return port;
    }

    private static Optional<String> decoded(String text) {
        try {
            return Optional.of(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private record Parameters(Optional<Tls> tls, Optional<Path> rootCertificate) {
        static Parameters read(String query, List<String> problems) {
            Optional<Tls> tls = Optional.empty();
            Optional<Path> root = Optional.empty();
            for (String part : query.isEmpty() ? new String[0] : query.split("&", -1)) {
                int equals = part.indexOf('=');
                String name = equals < 0 ? part : part.substring(0, equals);
                String value = decoded(part.substring(equals < 0 ? part.length() : equals + 1))
                        .orElse("");
                switch (name) {
                    case "sslmode" -> {
                        boolean again = tls.isPresent();
                        tls = mode(value);
                        if (tls.isEmpty() || again) {
                            problems.add(
                                    "sslmode in the address of the database must be verify-full or disable, once.");
                        }
                    }
                    case "sslrootcert" -> {
                        root = value.isEmpty() || value.indexOf('\0') >= 0 || root.isPresent()
                                ? Optional.empty()
                                : Optional.of(Path.of(value));
                        if (root.isEmpty()) {
                            problems.add("sslrootcert in the address of the database must name a file, once.");
                        }
                    }
                    case "password" -> problems.add(NO_PASSWORD);
                    default ->
                        problems.add("The address of the database may have the parameters sslmode and sslrootcert,"
                                + " and no other.");
                }
            }
            if (tls.equals(Optional.of(Tls.DISABLE)) && root.isPresent()) {
                problems.add("The address of the database says both sslmode=disable and sslrootcert: without TLS no"
                        + " certificate is looked at. Leave one of them out.");
            }
            return new Parameters(tls, root);
        }

        private static Optional<Tls> mode(String word) {
            for (Tls each : Tls.values()) {
                if (each.word.equals(word)) {
                    return Optional.of(each);
                }
            }
            return Optional.empty();
        }
    }

    /** What connects to it. Nothing is connected by this call. */
    public DataSource source(Optional<PostgresPassword> password) {
        return source(password, APPLICATION);
    }

    /** With another name than the nodes' in the server's list of sessions. */
    DataSource source(Optional<PostgresPassword> password, String application) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {host});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(database);
        source.setUser(user);
        password.ifPresent(p -> p.give(source::setPassword));
        source.setSslMode(tls.word);
        if (tls == Tls.VERIFY_FULL) {
            if (rootCertificate.isPresent()) {
                source.setSslRootCert(rootCertificate.get().toString());
            } else {
                source.setSslfactory("org.postgresql.ssl.DefaultJavaSSLFactory");
            }
        }
        source.setApplicationName(application);
        source.setLogServerErrorDetail(false); // which has values of rows in it
        source.setConnectTimeout(CONNECT);
        source.setGssEncMode("disable");
        return source;
    }

    /** The address without its parameters: what people are told. */
    @Override
    public String toString() {
        return "postgresql://" + user + "@" + host + ":" + port + "/" + database;
    }
}
