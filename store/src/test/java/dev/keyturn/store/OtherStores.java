package dev.keyturn.store;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** The stores of a test that puts one of its own in the place of one of them. */
public final class OtherStores {
    private OtherStores() {}

    /**
     * {@code stores} with {@code other} in the place of its {@code port}.
     *
     * @throws IllegalArgumentException where {@code stores} has no such port
     */
    public static <T> SqlStores with(SqlStores stores, Class<T> port, T other) {
        RecordComponent[] components = SqlStores.class.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                values[i] =
                        types[i] == port ? other : components[i].getAccessor().invoke(stores);
            }
            if (!Arrays.asList(types).contains(port)) {
                throw new IllegalArgumentException("there is no store " + port.getName());
            }
            return SqlStores.class.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
