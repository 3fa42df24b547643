package dev.namespaces.examples;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A compiler that sees the system, which it cannot write to, and one folder, which it can; takes gcc. What it compiles runs in the same sandbox.
 *
 * <p>
 * {@code ./ns example CompileInside} prints what became of three commands.
 */
public final class CompileInside {

    private static final String SOURCE = """
            #include <stdio.h>
            int main(void) { return puts("hello from inside") < 0; }
            """;

    private CompileInside() {}

    /**
     * Compiles and runs a program.
     *
     * @param arguments none
     * @throws IOException if something cannot be started or written
     * @throws InterruptedException never: nobody interrupts this thread
     */
    public static void main(String... arguments) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("compile");
        try {
            Files.writeString(folder.resolve("hello.c"), SOURCE);
            Namespace box = Namespace.builder().user().pid().net().ipc().noNewPrivileges()
                    .mount(m -> m.emptyRoot().readOnlyBind("/usr").readOnlyBind("/bin").readOnlyBind("/lib")
                            .readOnlyBindIfExists("/lib64").tmpfs("/tmp").proc().dev().bind(folder, "/work"))
                    .build();
            print(box, "gcc", "-o", "hello", "hello.c");
            print(box, "gcc", "-o", "/usr/hello", "hello.c");
            print(box, "./hello");
            System.out.println("in the folder afterwards: " + String.join(" ", namesIn(folder)));
        } finally {
            for (String name : namesIn(folder)) {
                Files.delete(folder.resolve(name));
            }
            Files.delete(folder);
        }
    }

    private static void print(Namespace box, String program, String... arguments)
            throws IOException, InterruptedException {
        Command command = Command.of(program, arguments).directory("/work").timeout(Duration.ofMinutes(1));
        Result result = box.run(command);
        System.out.println("$ " + String.join(" ", program, String.join(" ", arguments)).strip());
        System.out.print(result.stdout() + result.stderr());
        System.out.println("exit value " + result.exitValue());
    }

    private static List<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
