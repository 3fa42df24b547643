package dev.namespaces.examples;

import dev.namespaces.Command;
import dev.namespaces.MountConfig;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Stdio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A shell in a root file system that holds nothing of the host but one program: busybox, linked statically (Debian: {@code busybox-static}).
 *
 * <p>
 * {@code ./ns example BusyboxShell} starts it, {@code ./ns example BusyboxShell -c 'ls /'} runs a command in it.
 */
public final class BusyboxShell {

    private BusyboxShell() {}

    /**
     * Runs the shell, and exits with what it returns.
     *
     * @param arguments the shell's
     * @throws IOException if it cannot be started
     * @throws InterruptedException never: nobody interrupts this thread
     */
    public static void main(String... arguments) throws IOException, InterruptedException {
        Path busybox = find();
        List<String> names = namesOf(busybox);
        Namespace box = Namespace.builder().user().pid().net().ipc().uts(uts -> uts.hostname("busybox"))
                .mount(root -> fill(root, busybox, names)).build();
        List<String> words = new ArrayList<>(List.of("/bin/sh"));
        words.addAll(List.of(arguments));
        Command shell = Command.of(words).emptyEnvironment().environment("PATH", "/bin")
                .stdin(Stdio.inherit()).stdout(Stdio.inherit()).stderr(Stdio.inherit());
        try (NamespaceProcess process = box.spawn(shell)) {
            System.exit(process.waitFor());
        }
    }

    private static void fill(MountConfig root, Path busybox, List<String> names) {
        root.emptyRoot().readOnlyBind(busybox, "/bin/busybox").tmpfs("/tmp").proc().dev();
        for (String name : names) {
            root.symlink("busybox", "/bin/" + name);
        }
    }

    private static Path find() throws IOException {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(folder -> Path.of(folder, "busybox")).filter(Files::isExecutable).findFirst()
                .orElseThrow(() -> new IOException("no busybox in PATH (Debian: apt install busybox-static)"));
    }

    /** What it can be called as. */
    private static List<String> namesOf(Path busybox) throws IOException, InterruptedException {
        return Namespace.builder().run(busybox.toString(), "--list").orThrow().stdout().lines()
                .filter(name -> !name.equals("busybox")).toList();
    }
}
