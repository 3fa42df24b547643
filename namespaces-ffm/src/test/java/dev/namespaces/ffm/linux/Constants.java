package dev.namespaces.ffm.linux;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.TreeMap;

/** The constants of a class by their names, so that a test misses none that is added later. */
public final class Constants {

    private Constants() {}

    public static Map<String, Long> of(Class<?> type) {
        Map<String, Long> constants = new TreeMap<>();
        for (Field field : type.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && !Modifier.isPrivate(field.getModifiers())) {
                try {
                    field.setAccessible(true); // those of other packages are not public
                    constants.put(field.getName(), field.getLong(null));
                } catch (IllegalAccessException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return constants;
    }
}
