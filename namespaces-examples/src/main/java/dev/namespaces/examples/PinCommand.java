package dev.namespaces.examples;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code ns pin}: keeps a namespace. */
@CommandLine.Command(name = "pin", mixinStandardHelpOptions = true, //
        description = "Mounts a namespace of a process on a new file, by which it lives on when the process has ended, until ns unpin. Takes CAP_SYS_ADMIN.", //
        footer = {"", "A network namespace that is pinned in /run/netns is one of ip netns(8) too."})
final class PinCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "PID", description = "the process")
    private long pid;

    @Parameters(index = "1", paramLabel = "KIND", converter = KindConverter.class, //
            description = "cgroup, ipc, mnt, net, pid, time, user or uts")
    private NamespaceKind kind = NamespaceKind.NET;

    @Parameters(index = "2", paramLabel = "PATH", description = "the file, which must not exist")
    private Path path = Path.of("");

    @Override
    public Integer call() throws NamespaceException {
        try (NamespaceHandle handle = NamespaceHandle.of(kind, pid)) {
            handle.pin(path);
        }
        return 0;
    }
}
