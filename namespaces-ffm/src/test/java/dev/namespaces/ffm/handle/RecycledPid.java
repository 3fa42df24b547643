package dev.namespaces.ffm.handle;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Starts processes in a pid namespace of its own until one gets the number of one that has ended, and opens a namespace of both. */
final class RecycledPid {

    /** Where root inside says which number the next process gets, or nearly; of kernels with CONFIG_CHECKPOINT_RESTORE. */
    static final Path LAST = Path.of("/proc/sys/kernel/ns_last_pid");

    private RecycledPid() {}

    static void main() throws Exception {
        Process first = new ProcessBuilder("cat").start();
        ProcessHandle ended = first.toHandle();
        first.destroyForcibly().waitFor();
        Process other = withNumberOf(ended);
        try (NamespaceHandle byNumber = NamespaceHandle.of(NamespaceKind.NET, ended.pid());
                NamespaceHandle byProcess = NamespaceHandle.of(NamespaceKind.NET, other)) {
            System.out.print(byNumber.equals(byProcess) ? "the other by its number" : "a stranger");
        }
        try (NamespaceHandle wrong = NamespaceHandle.of(NamespaceKind.NET, ended)) {
            System.out.println(", and of the one that has ended: " + wrong);
        } catch (NamespaceException e) {
            System.out.println(", and of the one that has ended: " + e.errnoName());
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    /** Its own start must have been at another moment, by the clock of proc_pid_stat(5), or even the kernel could not tell them apart. */
    private static Process withNumberOf(ProcessHandle ended) throws IOException, InterruptedException {
        while (true) {
            Files.writeString(LAST, Long.toString(ended.pid() - 1));
            Process process = new ProcessBuilder("cat").start();
            if (process.pid() == ended.pid() && !process.toHandle().equals(ended)) {
                return process;
            }
            process.destroyForcibly().waitFor();
        }
    }
}
