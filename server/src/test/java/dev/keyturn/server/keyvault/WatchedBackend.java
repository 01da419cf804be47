package dev.keyturn.server.keyvault;

import dev.keyturn.core.keycrypto.KeyBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A key backend that tells what is done in it, and lets a test act while a key is made. */
final class WatchedBackend {
    final List<String> calls = new ArrayList<>();
    Runnable whileMaking = () -> {};
    /** What it is called instead of what it is. */
    Optional<String> name = Optional.empty();

    KeyBackend around(KeyBackend real) {
        return (KeyBackend) Proxy.newProxyInstance(
                KeyBackend.class.getClassLoader(), new Class<?>[] {KeyBackend.class}, (_, method, arguments) -> {
                    calls.add(method.getName());
                    if (method.getName().equals("name") && name.isPresent()) {
                        return name.get();
                    }
                    if (method.getName().equals("generate")) {
                        whileMaking.run();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
