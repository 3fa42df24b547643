package dev.namespaces.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.namespaces.NamespaceKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options for whoever supervises {@code ns}: what it is told, what it may hold up, and what it sees held. */
final class SupervisorOptions {

    @Option(names = "--info-fd", paramLabel = "FD", description = "write a line of JSON to a descriptor when all is set up and before the command is executed:"
            + " child-pid, the pid of the sandbox's first process, and the ids of its new namespaces, such as net-namespace")
    private @Nullable String info;

    @Option(names = "--json-status-fd", paramLabel = "FD", description = "write the same, and another line with the command's exit-code at its end")
    private @Nullable String status;

    @Option(names = "--block-fd", paramLabel = "FD", description = "then wait, until a descriptor has a byte to read or is at its end, before the command is"
            + " executed")
    private @Nullable String block;

    @Option(names = "--sync-fd", paramLabel = "FD", description = "keep a descriptor open in ns, which ends after the command; the command does not get it")
    private @Nullable String sync;

    @Option(names = "--lock-file", paramLabel = "DEST", description = "hold a shared lock, as of fcntl(2), on a file inside while the command runs; no symbolic"
            + " link in its path is followed; may come again")
    private List<String> lockFiles = new ArrayList<>();

    private final LockFiles locks = new LockFiles();
    private @Nullable FileChannel infoChannel;
    private @Nullable FileChannel statusChannel;
    private @Nullable FileChannel blockChannel;

    /** Checks what was given; to be called before anything is started. */
    void prepare(CommandLine line) {
        for (String file : lockFiles) {
            KindOptions.require(line, Path.of(file).normalize().getNameCount() > 0 && file.startsWith("/"),
                    "the path of a lock file must be absolute: " + file);
        }
        if (sync != null) {
            Descriptors.inherited(line, sync);
        }
        infoChannel = info == null ? null : Descriptors.writing(line, info);
        statusChannel = status == null ? null : Descriptors.writing(line, status);
        blockChannel = block == null ? null : Descriptors.reading(line, block);
    }

    /** Whether anything is to be done before the command is executed. */
    boolean supervises() {
        return info != null || status != null || block != null || !lockFiles.isEmpty();
    }

    /** Takes the locks, says what there is, and waits. */
    void beforeExec(long pid, Set<NamespaceKind> kinds) throws IOException {
        for (String file : lockFiles) {
            locks.lock(pid, file);
        }
        Map<String, Object> sandbox = new LinkedHashMap<>();
        sandbox.put("child-pid", pid);
        for (NamespaceKind kind : kinds) {
            sandbox.put(kind.procName() + "-namespace", inode(pid, kind));
        }
        write(infoChannel, sandbox);
        write(statusChannel, sandbox);
        if (blockChannel != null) {
            blockChannel.read(ByteBuffer.allocate(1));
        }
    }

    /** The number in the link's text, as in {@code net:[4026531840]}; namespaces(7). */
    private static long inode(long pid, NamespaceKind kind) throws IOException {
        String link = Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "ns", kind.procName())).toString();
        return Long.parseLong(link.substring(link.indexOf('[') + 1, link.length() - 1));
    }

    /** Gives the locks up, and says how the command has ended; nobody may be there any more to hear it. */
    void ended(int exitCode) throws IOException {
        locks.close();
        try {
            write(statusChannel, Map.of("exit-code", exitCode));
        } catch (IOException e) {
            System.err.println("ns: cannot write the exit code to descriptor " + status + ": " + e.getMessage());
        }
    }

    private static void write(@Nullable FileChannel channel, Map<String, Object> object) throws IOException {
        if (channel != null) {
            ByteBuffer line = UTF_8.encode(JSON.std.asString(object) + "\n");
            while (line.hasRemaining()) {
                channel.write(line);
            }
        }
    }
}
