package dev.keyturn.server.identity.outside;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/**
 * Requests to the provider: over TLS alone, no redirect is followed, an answer is taken for so long and up to such a size
 * ({@value #LONGEST} bytes). Thread-safe.
 */
final class Outward implements AutoCloseable {
    static final int LONGEST = 256 << 10;
    private static final int MOST = 16;

    private final HttpClient client;
    private final Duration patience;

    private final Semaphore turns = new Semaphore(MOST);

    /** @param patience for one whole answer */
    Outward(SSLContext trust, Duration patience) {
        this.patience = patience;
        this.client = HttpClient.newBuilder()
                .sslContext(trust)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience)
                .build();
    }

    /** A whole answer. */
    record Answer(int status, String type, byte[] body) {}

    Answer get(URI at, Map<String, String> headers) throws ProviderAwayException {
        HttpRequest.Builder request = request(at).GET();
        headers.forEach(request::header);
        return send(at, request.build());
    }

    /** @param form as {@code application/x-www-form-urlencoded} */
    Answer post(URI at, Map<String, String> headers, String form) throws ProviderAwayException {
        HttpRequest.Builder request = request(at)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        headers.forEach(request::header);
        return send(at, request.build());
    }

    private HttpRequest.Builder request(URI at) throws ProviderAwayException {
        if (!"https".equals(at.getScheme()) || at.getHost() == null) {
            throw new ProviderAwayException("the provider names an address without https: " + place(at));
        }
        return HttpRequest.newBuilder(at).header("Accept", "application/json").timeout(patience);
    }

    /** A provider that is slow must not have threads and connections of this server without end. */
    private Answer send(URI at, HttpRequest request) throws ProviderAwayException {
        if (!turns.tryAcquire()) {
            throw new ProviderAwayException(MOST + " requests to the provider are under way already");
        }
        try {
            return sendNow(at, request);
        } finally {
            turns.release();
        }
    }

    private Answer sendNow(URI at, HttpRequest request) throws ProviderAwayException {
        CompletableFuture<HttpResponse<byte[]>> sent = client.sendAsync(request, _ -> new Bounded());
        try {
            HttpResponse<byte[]> answer = sent.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(
                    answer.statusCode(),
                    answer.headers().firstValue("content-type").orElse(""),
                    answer.body());
        } catch (TimeoutException e) {
            throw new ProviderAwayException(place(at) + " took longer than " + patience.toMillis() + " ms");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ProviderAwayException(place(at) + ": " + cause.getClass().getSimpleName()
                    + (cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProviderAwayException("interrupted while " + place(at) + " was asked");
        } finally {
            sent.cancel(true);
        }
    }

    /** An address without what it may carry. */
    private static String place(URI at) {
        return at.getScheme() + "://" + at.getAuthority() + at.getPath();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /** Takes no more than it wants to hold. */
    private static final class Bounded implements HttpResponse.BodySubscriber<byte[]> {
        private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private Optional<Flow.Subscription> source = Optional.empty();

        @Override
        public CompletionStage<byte[]> getBody() {
            return whole;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            source = Optional.of(subscription);
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                byte[] bytes = new byte[buffer.remaining()];
                buffer.get(bytes);
                if (taken.size() + bytes.length > LONGEST) {
                    source.ifPresent(Flow.Subscription::cancel);
                    whole.completeExceptionally(
                            new IllegalStateException("the answer has more than " + LONGEST / 1024 + " KiB"));
                    return;
                }
                taken.writeBytes(bytes);
            }
        }

        @Override
        public void onError(Throwable error) {
            whole.completeExceptionally(error);
        }

        @Override
        public void onComplete() {
            whole.complete(taken.toByteArray());
        }
    }
}
