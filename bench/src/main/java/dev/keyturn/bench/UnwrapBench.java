package dev.keyturn.bench;

import dev.keyturn.core.keycrypto.BackendKey;
import dev.keyturn.core.keycrypto.CipherAlgorithm;
import dev.keyturn.core.keycrypto.CipherText;
import dev.keyturn.core.keycrypto.KeyBackend;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.keys.MasterKey;
import dev.keyturn.keys.software.SoftwareKeyBackend;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.MGF1ParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/**
 * RSA-OAEP-256 unwraps per second: the software backend, beside the JDK's own RSA called directly; then the key service
 * on an embedded database, which records each use durably, beside the backend alone.
 */
public final class UnwrapBench {
    private static final int ROUNDS = 5;
    private static final Duration WARM_UP = Duration.ofMillis(500);
    private static final Duration MEASURED = Duration.ofSeconds(1);
    private static final OAEPParameterSpec OAEP_256 =
            new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

    private UnwrapBench() {}

    public static void main(String[] arguments) throws Exception {
        Report report = new Report(System.out);
        report.title("RSA-OAEP-256 unwraps per second");
        int threads = Runtime.getRuntime().availableProcessors();
        for (int bits : List.of(2048, 3072, 4096)) {
            Callable<byte[]> jca = jca(bits);
            try (SoftwareKeyBackend backend = backend()) {
                Callable<byte[]> software = software(backend, bits);
                for (int count : List.of(1, threads)) {
                    // in turns, so that both meet the same moods of a busy machine
                    List<Double> ourRates = new ArrayList<>();
                    List<Double> plainRates = new ArrayList<>();
                    for (int round = 0; round < ROUNDS; round++) {
                        ourRates.add(rate(software, count));
                        plainRates.add(rate(jca, count));
                    }
                    double ours = Report.median(ourRates);
                    double plain = Report.median(plainRates);
                    report.line(
                            bits + " bit, " + count + (count == 1 ? " caller" : " callers"),
                            "backend %.0f, JDK alone %.0f, ratio %.2f".formatted(ours, plain, ours / plain),
                            "");
                }
            }
        }
        try (Scratch scratch = Scratch.create();
                Engine engine = new Engine(scratch.directory())) {
            throughTheService(engine, report);
        }
    }

    private static void throughTheService(Engine engine, Report report) throws Exception {
        report.title("The same through the key service: asked, recorded on the disk, answered");
        for (int bits : List.of(2048, 3072)) {
            ServiceUnwraps unwraps = new ServiceUnwraps(engine, bits);
            for (int count : List.of(1, 8)) {
                List<Double> serviceRates = new ArrayList<>();
                List<Double> backendRates = new ArrayList<>();
                List<Double> grouped = new ArrayList<>();
                LongAdder answered = new LongAdder();
                Callable<byte[]> service = counted(unwraps.throughTheService(), answered);
                for (int round = 0; round < ROUNDS; round++) {
                    long commits = engine.database.load().commits();
                    answered.reset();
                    serviceRates.add(rate(service, count));
                    grouped.add(
                            (double) answered.sum() / (engine.database.load().commits() - commits));
                    backendRates.add(rate(unwraps.byTheBackend(), count));
                }
                double ours = Report.median(serviceRates);
                double backend = Report.median(backendRates);
                report.line(
                        bits + " bit, " + count + (count == 1 ? " caller" : " callers"),
                        "service %.0f/s, %.2f ms each; backend %.0f/s, %.2f ms each; ratio %.2f; %.1f records in a commit"
                                .formatted(
                                        ours,
                                        1_000 * count / ours,
                                        backend,
                                        1_000 * count / backend,
                                        ours / backend,
                                        Report.median(grouped)),
                        "");
            }
        }
    }

    private static Callable<byte[]> counted(Callable<byte[]> work, LongAdder calls) {
        return () -> {
            byte[] result = work.call();
            calls.increment();
            return result;
        };
    }

    private static SoftwareKeyBackend backend() {
        SecureRandom random = new SecureRandom();
        byte[] root = new byte[32];
        random.nextBytes(root);
        return new SoftwareKeyBackend(MasterKey.of(root, random), random);
    }

    private static Callable<byte[]> software(SoftwareKeyBackend backend, int bits) throws Exception {
        KeySpec spec = new KeySpec.Rsa(bits, true);
        KeyBackend.Made made = backend.generate(spec, "bench");
        BackendKey key = new BackendKey(spec, "bench", made.publicPart(), made.handle());
        CipherText wrapped =
                backend.encrypt(key, CipherAlgorithm.RSA_OAEP_256, new byte[32], Optional.empty(), Optional.empty());
        return () -> {
            try (var clear = backend.decrypt(key, CipherAlgorithm.RSA_OAEP_256, wrapped, Optional.empty())) {
                return clear.reveal(byte[]::clone);
            }
        };
    }

    private static Callable<byte[]> jca(int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA", "SunRsaSign");
        generator.initialize(bits);
        KeyPair pair = generator.generateKeyPair();
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", "SunJCE");
        cipher.init(Cipher.ENCRYPT_MODE, pair.getPublic(), OAEP_256);
        byte[] wrapped = cipher.doFinal(new byte[32]);
        return () -> {
            Cipher own = Cipher.getInstance("RSA/ECB/OAEPPadding", "SunJCE");
            own.init(Cipher.DECRYPT_MODE, pair.getPrivate(), OAEP_256);
            return own.doFinal(wrapped);
        };
    }

    private static double rate(Callable<byte[]> work, int callers) throws InterruptedException, ExecutionException {
        try (ExecutorService pool = Executors.newFixedThreadPool(callers)) {
            double rate = 0;
            for (Duration limit : List.of(WARM_UP, MEASURED)) {
                List<Future<Double>> runs = IntStream.range(0, callers)
                        .mapToObj(_ -> pool.submit(() -> loop(work, limit)))
                        .toList();
                rate = 0;
                for (Future<Double> run : runs) {
                    rate += run.get();
                }
            }
            return rate;
        }
    }

    private static double loop(Callable<byte[]> work, Duration limit) throws Exception {
        Stopwatch watch = Stopwatch.start();
        long done = 0;
        while (watch.seconds() * 1_000 < limit.toMillis()) {
            if (work.call().length != 32) {
                throw new IllegalStateException("an unwrap gave something else than was wrapped");
            }
            done++;
        }
        return done / watch.seconds();
    }
}
