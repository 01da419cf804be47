package dev.keyturn.host.libvirt;

import dev.keyturn.core.model.DomainException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Finds out what a host can run machines with, once, beside the server's start: its capabilities and, where it offers
 * KVM, whether that really boots something. Thread-safe.
 */
final class PlatformProbe {
    private static final Logger LOG = LoggerFactory.getLogger(PlatformProbe.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final LibvirtSettings settings;
    private final KvmProbe kvm;
    private Optional<CompletableFuture<Platform>> found = Optional.empty();

    PlatformProbe(LibvirtSettings settings, KvmProbe kvm) {
        this.settings = settings;
        this.kvm = kvm;
    }

    /** Begins, if it has not, and does not wait. */
    synchronized void begin() {
        var _ = probing();
    }

    private synchronized CompletableFuture<Platform> probing() {
        if (found.filter(f -> !f.isCompletedExceptionally()).isEmpty()) {
            CompletableFuture<Platform> probing = new CompletableFuture<>();
            Thread.ofVirtual().name("platform-probe").start(() -> {
                try {
                    probing.complete(probe());
                } catch (RuntimeException e) {
                    probing.completeExceptionally(e);
                }
            });
            found = Optional.of(probing);
        }
        return found.get();
    }

    /** What is known already. */
    Optional<Platform> known() {
        CompletableFuture<Platform> probing = probing();
        return probing.isDone() && !probing.isCompletedExceptionally() ? Optional.of(probing.join()) : Optional.empty();
    }

    /** @throws DomainException {@code Unavailable} where the host does not answer */
    Platform require() {
        try {
            return probing().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException told) {
                throw told;
            }
            throw e;
        }
    }

    private Platform probe() {
        return switch (settings.accelerator()) {
            case EMULATION -> new Platform(false, "emulation (asked for)", Optional.empty());
            case KVM -> new Platform(true, "KVM (asked for)", protection());
            case AUTO -> automatic();
        };
    }

    private Platform automatic() {
        if (capabilities().isEmpty()) {
            return new Platform(false, "emulation: this host has no KVM", Optional.empty());
        }
        Optional<String> fault = kvm.fault();
        fault.ifPresent(f -> LOG.warn("host '{}' has KVM, but it does not boot a guest: {}", settings.name(), f));
        return fault.map(f -> new Platform(false, "emulation: KVM does not boot a guest here", Optional.empty()))
                .orElseGet(() -> new Platform(true, "KVM", protection()));
    }

    private Optional<Platform.MemoryProtection> protection() {
        return settings.memoryEncryption() == LibvirtSettings.MemoryEncryption.OFF
                ? Optional.empty()
                : capabilities().flatMap(PlatformProbe::offered);
    }

    /** The capabilities of KVM machines, as {@code virsh domcapabilities} prints them; empty where there is no KVM. */
    private Optional<String> capabilities() {
        Tool.Answer answer = Tool.run(
                LIMIT,
                Optional.empty(),
                "virsh",
                "--connect",
                settings.uri().toString(),
                "domcapabilities",
                "--virttype",
                "kvm",
                "--machine",
                "q35");
        return answer.well() ? Optional.of(answer.said()) : Optional.empty();
    }

    /** What {@code launchSecurity} of these capabilities offers; SEV-SNP before TDX, older SEV does not count. */
    static Optional<Platform.MemoryProtection> offered(String capabilities) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            Document document = factory.newDocumentBuilder()
                    .parse(new ByteArrayInputStream(capabilities.getBytes(StandardCharsets.UTF_8)));
            XPath path = XPathFactory.newDefaultInstance().newXPath();
            NodeList types = (NodeList) path.evaluate(
                    "/domainCapabilities/features/launchSecurity[@supported='yes']/enum[@name='sectype']/value",
                    document,
                    XPathConstants.NODESET);
            for (Platform.MemoryProtection kind : Platform.MemoryProtection.values()) {
                for (int i = 0; i < types.getLength(); i++) {
                    if (types.item(i).getTextContent().strip().equals(kind.libvirt())) {
                        return Optional.of(kind);
                    }
                }
            }
            return Optional.empty();
        } catch (ParserConfigurationException | SAXException | IOException | XPathExpressionException e) {
            LOG.warn("the capabilities of a libvirt are not understood: {}", e.getMessage());
            return Optional.empty();
        }
    }
}
