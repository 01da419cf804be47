package dev.keyturn.server.portal.people;

import dev.keyturn.core.people.RandomToken;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.portal.frame.Cookies;
import dev.keyturn.server.portal.frame.Csrf;
import java.security.SecureRandom;
import java.util.Optional;

/** The cookie of a browser in which nobody is signed in, which its forms and its sign-ins are held against. Thread-safe. */
public final class FormCookie {
    private final SecureRandom random;

    public FormCookie(SecureRandom random) {
        this.random = random;
    }

    @FunctionalInterface
    interface Render {
        Response with(String csrf, String cookie);
    }

    /** A browser that has none yet gets one. */
    Response with(Request request, Render render) {
        Optional<String> present = Cookies.of(request, Cookies.FORM);
        if (present.isPresent()) {
            return render.with(Csrf.token(present.get()), present.get());
        }
        String made = RandomToken.make(random);
        return render.with(Csrf.token(made), made).with("Set-Cookie", Cookies.give(Cookies.FORM, made));
    }
}
