package dev.keyturn.core.key;

import dev.keyturn.core.keycrypto.KeyOperation;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.keycrypto.PublicPart;
import dev.keyturn.core.vault.VaultId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A key with all its versions as bytes; the handles of the versions are backups made by their backend. Not secret in
 * itself, yet sealed before it leaves the server, so that nobody can change it.
 */
record KeyBackup(String name, Instant created, Optional<RotationPolicy> policy, List<KeyVersion> versions) {
    private static final int MAGIC = 0x4b544b42;
    private static final int FORMAT = 1;
    private static final int MAX_FIELD = 1 << 20;

    KeyBackup {
        versions = List.copyOf(versions);
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeByte(FORMAT);
            out.writeUTF(name);
            write(out, created);
            out.writeBoolean(policy.isPresent());
            if (policy.isPresent()) {
                RotationPolicy p = policy.get();
                out.writeUTF(p.actionsText());
                out.writeUTF(p.expiryTime().map(Period::toString).orElse(""));
                write(out, p.created());
                write(out, p.updated());
            }
            out.writeInt(versions.size());
            for (KeyVersion version : versions) {
                write(out, version);
            }
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /** The backup in bytes that {@link #encode} wrote; their versions hang on {@code vault}. */
    static KeyBackup decode(byte[] bytes, VaultId vault) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readInt() != MAGIC || in.readByte() != FORMAT) {
                throw new IllegalStateException("a key backup of a format that this version does not know");
            }
            String name = in.readUTF();
            Instant created = instant(in);
            Optional<RotationPolicy> policy = Optional.empty();
            if (in.readBoolean()) {
                List<RotationPolicy.LifetimeAction> actions = RotationPolicy.parseActions(in.readUTF());
                String life = in.readUTF();
                policy = Optional.of(new RotationPolicy(
                        actions,
                        life.isEmpty() ? Optional.empty() : Optional.of(Period.parse(life)),
                        instant(in),
                        instant(in)));
            }
            List<KeyVersion> versions = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                versions.add(version(in, vault, name));
            }
            return new KeyBackup(name, created, policy, versions);
        } catch (IOException e) {
            throw new IllegalStateException("a sealed key backup is cut short", e);
        }
    }

    private static void write(DataOutputStream out, KeyVersion v) throws IOException {
        out.writeUTF(v.version());
        out.writeLong(v.sequence());
        out.writeUTF(v.spec().text());
        switch (v.publicPart()) {
            case PublicPart.Rsa rsa -> {
                write(out, rsa.n());
                write(out, rsa.e());
            }
            case PublicPart.Ec ec -> {
                write(out, ec.x());
                write(out, ec.y());
            }
            case PublicPart.None _ -> {}
        }
        out.writeUTF(v.backend());
        write(out, v.handle());
        out.writeUTF(KeyOperation.text(v.operations()));
        KeyAttributes a = v.attributes();
        out.writeBoolean(a.enabled());
        writeOptional(out, a.notBefore());
        writeOptional(out, a.expires());
        out.writeBoolean(a.exportable());
        write(out, a.created());
        write(out, a.updated());
        out.writeInt(v.tags().size());
        for (Map.Entry<String, String> tag : v.tags().entrySet()) {
            out.writeUTF(tag.getKey());
            out.writeUTF(tag.getValue());
        }
        out.writeBoolean(v.releasePolicy().isPresent());
        if (v.releasePolicy().isPresent()) {
            ReleasePolicy policy = v.releasePolicy().get();
            out.writeUTF(policy.contentType());
            write(out, policy.data());
            out.writeBoolean(policy.immutable());
        }
    }

    private static KeyVersion version(DataInputStream in, VaultId vault, String name) throws IOException {
        String version = in.readUTF();
        long sequence = in.readLong();
        KeySpec spec = KeySpec.parse(in.readUTF());
        PublicPart part = switch (spec) {
            case KeySpec.Rsa _ -> new PublicPart.Rsa(bytes(in), bytes(in));
            case KeySpec.Ec ec -> new PublicPart.Ec(ec.curve(), bytes(in), bytes(in));
            case KeySpec.Oct _ -> new PublicPart.None();
        };
        String backend = in.readUTF();
        byte[] handle = bytes(in);
        var operations = KeyOperation.parse(in.readUTF());
        KeyAttributes attributes = new KeyAttributes(
                in.readBoolean(), optionalInstant(in), optionalInstant(in), in.readBoolean(), instant(in), instant(in));
        Map<String, String> tags = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            tags.put(in.readUTF(), in.readUTF());
        }
        Optional<ReleasePolicy> policy = in.readBoolean()
                ? Optional.of(new ReleasePolicy(in.readUTF(), bytes(in), in.readBoolean()))
                : Optional.empty();
        return new KeyVersion(
                vault, name, version, sequence, spec, part, backend, handle, operations, attributes, tags, policy);
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_FIELD) {
            throw new IOException("a field of " + length + " bytes");
        }
        return in.readNBytes(length);
    }

    private static void write(DataOutputStream out, Instant time) throws IOException {
        out.writeLong(time.getEpochSecond());
    }

    private static Instant instant(DataInputStream in) throws IOException {
        return Instant.ofEpochSecond(in.readLong());
    }

    private static void writeOptional(DataOutputStream out, Optional<Instant> time) throws IOException {
        out.writeBoolean(time.isPresent());
        if (time.isPresent()) {
            write(out, time.get());
        }
    }

    private static Optional<Instant> optionalInstant(DataInputStream in) throws IOException {
        return in.readBoolean() ? Optional.of(instant(in)) : Optional.empty();
    }
}
