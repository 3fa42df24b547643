package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.OutboundSpec;
import dev.namespaces.spi.OutboundSpec.Forward;
import dev.namespaces.spi.Stream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Starts the program that leads out of a network namespace: pasta(1), or slirp4netns(1) where only that is installed. It stays in the foreground, so that it is a child of this
 * JVM, and dies with that by the guard: it would not notice by itself that the namespace has ended, which it holds. It is known to be ready by a line that begins with a digit.
 */
final class Outbound {

    static final Path DIRECTORY = Path.of("/usr/bin");
    /** The network namespace, which it has open: to look at another process it lacks the rights, once it has given up what root has. */
    static final String NETWORK = "/proc/self/fd/0";

    private static final Path DEVICE = Path.of("/dev/net/tun");
    private static final Duration CONFINED_WITHIN = Duration.ofSeconds(30);
    private static final long LOOK_AGAIN_NANOS = 100_000;

    private static @Nullable Recipe recipe;

    private final Path directory;

    Outbound(Path directory) {
        this.directory = directory;
    }

    /** Starts it for the network namespace of a child; it is there when this returns. */
    ChildProcess start(OutboundSpec spec, int pid, boolean ownUser) throws NamespaceException {
        Path pasta = directory.resolve(Pasta.NAME);
        Path slirp = directory.resolve(Slirp.NAME);
        if (Files.isExecutable(pasta)) {
            return start(pasta, Pasta.command(pasta, spec, pid, ownUser), pid);
        }
        if (!Files.isExecutable(slirp)) {
            throw Refusals.exception(Step.OUTBOUND, "through " + pasta, Errno.ENOENT,
                    "install the package passt (Debian: apt install passt), or slirp4netns");
        }
        if (!spec.reached().isEmpty() || spec.published().stream().anyMatch(Forward::udp)) {
            throw Refusals.exception(Step.OUTBOUND, "through " + slirp
                    + ", which leads TCP ports of the host inside and no others", Errno.EOPNOTSUPP,
                    "pasta can do that: install the package passt (Debian: apt install passt)");
        }
        return start(slirp, spec, pid, ownUser);
    }

    private static ChildProcess start(Path program, OutboundSpec spec, int pid, boolean ownUser)
            throws NamespaceException {
        try (Slirp slirp = new Slirp()) {
            ChildProcess tool = start(program, slirp.command(program, pid, ownUser), pid);
            try {
                for (Forward forward : spec.published()) {
                    slirp.publish(forward);
                }
                return tool;
            } catch (IOException | RuntimeException e) {
                tool.close();
                throw e;
            }
        } catch (NamespaceException e) {
            throw e;
        } catch (IOException e) {
            throw Refusals.exception(Step.OUTBOUND, "through " + program + " (" + e.getMessage() + ")", Errno.EIO,
                    null);
        }
    }

    /** The user namespace of a process, as a path. */
    static String user(int pid) {
        return "/proc/" + pid + "/ns/user";
    }

    private static ChildProcess start(Path program, List<String> arguments, int pid) throws NamespaceException {
        ChildProcess tool = recipe().spawn(new CommandSpec(arguments, null, "/", false, Map.of(),
                new Stream.From(Path.of("/proc/" + pid + "/ns/net")), new Stream.Pipe(), new Stream.Stdout(), null, 0,
                null));
        try {
            awaitReady(tool, program);
            awaitConfined(tool, program);
            return tool;
        } catch (NamespaceException | RuntimeException e) {
            tool.close();
            throw e;
        }
    }

    private static synchronized Recipe recipe() throws NamespaceException {
        Recipe known = recipe;
        if (known == null) {
            known = Recipe.of(NamespaceSpec.NOTHING.with(NamespaceSpec.NOTHING.process().withDieWithJvm()));
            recipe = known;
        }
        return known;
    }

    private static void awaitReady(ChildProcess tool, Path program) throws NamespaceException {
        BufferedReader output = new BufferedReader(new InputStreamReader(tool.getInputStream(), UTF_8));
        StringBuilder words = new StringBuilder();
        try {
            boolean begins = true;
            for (int c = output.read(); c >= 0; c = output.read()) {
                if (begins && Character.isDigit(c)) {
                    return;
                }
                begins = c == '\n';
                words.append((char) c);
            }
        } catch (IOException e) {
            words.append(e.getMessage());
        }
        throw Refusals.exception(Step.OUTBOUND,
                "through " + program + ", which said \"" + words.toString().strip().replace("\n", "; ") + "\"",
                Errno.EIO, ofDevice());
    }

    /** Whoever is root inside could trace it until it is neither dumpable nor without its filter, and be outside. It is in the inner user namespace, in the host's network. */
    private static void awaitConfined(ChildProcess tool, Path program) throws NamespaceException {
        String pid = Long.toString(tool.pid());
        long deadline = System.nanoTime() + CONFINED_WITHIN.toNanos();
        while (ProcessStatus.of(pid).number("Seccomp") != Linux.SECCOMP_MODE_FILTER) {
            if (!tool.isAlive() || System.nanoTime() - deadline > 0) {
                throw Refusals.exception(Step.OUTBOUND, "through " + program + ", which has not confined itself",
                        Errno.EIO, null);
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    private static @Nullable String ofDevice() {
        return Files.isReadable(DEVICE) && Files.isWritable(DEVICE)
                ? null
                : "it makes its interface by " + DEVICE + ", which this user may not read and write: chmod 666 "
                        + DEVICE;
    }
}
