package dev.namespaces.ffm.handle;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceId;
import dev.namespaces.ffm.spawn.Child;
import java.io.IOException;
import java.nio.file.Path;

/** What stat(1) says of a namespace's file. */
public final class Stat {

    private static final Namespace PLAIN = Namespace.builder().build();

    private Stat() {}

    public static NamespaceId id(Path path) throws IOException, InterruptedException {
        String[] numbers = Child.says(PLAIN, "stat", "-L", "-c", "%d %i", path.toString()).split(" ", 2);
        return new NamespaceId(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
    }
}
