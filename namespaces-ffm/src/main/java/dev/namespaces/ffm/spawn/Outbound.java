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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Starts pasta(1), which leads out of a network namespace. It stays in the foreground, so that it is a child of this JVM, and dies with that by the guard: it would not notice by
 * itself that the namespace has ended, which it holds. It writes its pid, to its output here, once the interface is there.
 */
final class Outbound {

    static final Path DIRECTORY = Path.of("/usr/bin");

    private static final Path DEVICE = Path.of("/dev/net/tun");
    private static final String PACKAGE = "passt";
    private static final String READY = "\\d+";
    private static final Duration CONFINED_WITHIN = Duration.ofSeconds(30);
    private static final long LOOK_AGAIN_NANOS = 100_000;

    private final Path directory;

    Outbound(Path directory) {
        this.directory = directory;
    }

    /** Starts it for the network namespace of a child; it is there when this returns. */
    ChildProcess start(OutboundSpec spec, int pid, boolean ownUser) throws NamespaceException {
        Path program = directory.resolve("pasta");
        if (!Files.isExecutable(program)) {
            throw Refusals.exception(Step.OUTBOUND, "through " + program, Errno.ENOENT,
                    "install the package " + PACKAGE + " (Debian: apt install " + PACKAGE + ")");
        }
        CommandSpec command = new CommandSpec(arguments(program, spec, pid, ownUser), null, "/", false, Map.of(),
                new Stream.Discard(), new Stream.Pipe(), new Stream.Stdout(), null, 0, null);
        ChildProcess tool = Recipe.of(NamespaceSpec.NOTHING.with(NamespaceSpec.NOTHING.process().withDieWithJvm()))
                .spawn(command);
        try {
            awaitReady(tool, program);
            awaitConfined(tool, program);
            return tool;
        } catch (NamespaceException | RuntimeException e) {
            tool.close();
            throw e;
        }
    }

    private static void awaitReady(ChildProcess tool, Path program) throws NamespaceException {
        BufferedReader output = new BufferedReader(new InputStreamReader(tool.getInputStream(), UTF_8));
        List<String> words = new ArrayList<>();
        try {
            String line = output.readLine();
            while (line != null && !line.matches(READY)) {
                words.add(line.strip());
                line = output.readLine();
            }
            if (line != null) {
                return;
            }
        } catch (IOException e) {
            words.add(String.valueOf(e.getMessage()));
        }
        throw Refusals.exception(Step.OUTBOUND,
                "through " + program + ", which said \"" + String.join("; ", words) + "\"", Errno.EIO, ofDevice());
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

    private static List<String> arguments(Path program, OutboundSpec spec, int pid, boolean ownUser) {
        String namespaces = "/proc/" + pid + "/ns/";
        List<String> arguments = new ArrayList<>(List.of(program.toString(), "--foreground", "--quiet", "--pid",
                "/proc/self/fd/1", "--config-net", "--ns-ifname", "tap0", "--address", "10.0.2.100", "--netmask",
                "255.255.255.0", "--gateway", "10.0.2.2", "--dns-forward", "10.0.2.3", "--no-map-gw"));
        if (Ids.current().user() == 0) {
            arguments.addAll(List.of("--runas", "0:0")); // nobody may not enter what root has made
        }
        arguments.addAll(List.of("--tcp-ports", ports(spec.published(), false, "127.0.0.1/"),
                "--udp-ports", ports(spec.published(), true, "127.0.0.1/"), "--tcp-ns",
                ports(spec.reached(), false, ""), "--udp-ns", ports(spec.reached(), true, "")));
        arguments.addAll(ownUser ? List.of("--userns", namespaces + "user") : List.of("--netns-only"));
        arguments.addAll(List.of("--netns", namespaces + "net"));
        return arguments;
    }

    private static String ports(List<Forward> forwards, boolean udp, String address) {
        String list = forwards.stream().filter(it -> it.udp() == udp).map(it -> it.from() + ":" + it.to())
                .collect(Collectors.joining(","));
        return list.isEmpty() ? "none" : address + list;
    }
}
