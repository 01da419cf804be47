package dev.keyturn.acceptance.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The Chromium that is installed, as another process. It trusts certificates of one server's own authority beside those
 * that it knows, and downloads nothing. Belongs to one thread, as all of Playwright does.
 */
final class Chromium implements AutoCloseable {
    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** Skips the test where no Chromium is installed. */
    static Chromium trusting(Path ca) {
        Optional<Path> program = installed();
        assumeTrue(program.isPresent(), "chromium is not installed; Debian's package is chromium");
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        List<String> options = new ArrayList<>(List.of(
                "--ignore-certificate-errors-spki-list=" + publicKey(ca),
                "--disable-gpu",
                "--disable-background-networking",
                "--no-first-run"));
        if ("root".equals(System.getProperty("user.name"))) {
            options.add("--no-sandbox"); // for root there is none
        }
        return new Chromium(
                playwright,
                playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(program.orElseThrow())
                                .setArgs(options)));
    }

    private static Optional<Path> installed() {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .map(p -> Path.of(p, "chromium"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** As Chromium wants it: the SHA-256 of the SubjectPublicKeyInfo, in Base64. */
    private static String publicKey(Path ca) {
        try (InputStream in = Files.newInputStream(ca)) {
            byte[] key = CertificateFactory.getInstance("X.509")
                    .generateCertificate(in)
                    .getPublicKey()
                    .getEncoded();
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        try (playwright) {
            browser.close();
        }
    }
}
