package dev.namespaces.ffm.handle;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.ffm.spawn.Child;
import dev.namespaces.ffm.spawn.Proc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What {@link PinTest} lets a JVM of its own do. */
final class Pinning {

    private static final Namespace PLAIN = Namespace.builder().build();
    private static final Path FOLDER = Path.of("/run/netns");

    private Pinning() {}

    private interface Scenario {
        void run() throws Exception;
    }

    static void main(String[] arguments) throws Exception {
        Map<String, Scenario> scenarios = Map.of("ofIpNetns", Pinning::ofIpNetns, "pinned", Pinning::pinned,
                "onWhatExists", Pinning::onWhatExists, "unpinOthers", Pinning::unpinOthers, "mountNamespace",
                Pinning::mountNamespace, "withoutRights", Pinning::withoutRights);
        scenarios.getOrDefault(arguments[0], () -> {
            throw new IllegalArgumentException(arguments[0]);
        }).run();
    }

    /** Numbers of namespaces and names of folders, which are others each time, replaced. */
    static String anonymous(String text) {
        return text.replaceAll("\\[40\\d+]", "[N]").replaceAll("/tmp/pinning\\d+", "FOLDER");
    }

    private static void ofIpNetns() throws Exception {
        tool("ip", "netns", "add", "test");
        Path path = FOLDER.resolve("test");
        try (NamespaceHandle handle = NamespaceHandle.of(path);
                NamespaceHandle own = NamespaceHandle.ofCurrentThread(NamespaceKind.NET)) {
            say("kind " + handle.kind());
            say("the id that stat says: " + handle.id().equals(Stat.id(path)));
            say("the name that ip netns exec says: "
                    + handle.toString().equals(link("ip", "netns", "exec", "test")));
            say("not the caller's: " + !handle.equals(own));
        }
    }

    private static void pinned() throws Exception {
        Path path = FOLDER.resolve("pinned");
        String name;
        try (NamespaceProcess process = holder(Namespace.builder().net());
                NamespaceHandle handle = NamespaceHandle.of(NamespaceKind.NET, process)) {
            handle.pin(path);
            name = handle.toString();
        }
        say("nsenter: " + name.equals(link("nsenter", "--net=" + path)));
        say("ip netns list: " + tool("ip", "netns", "list"));
        say("ip netns exec: " + name.equals(link("ip", "netns", "exec", "pinned")));
        try (NamespaceHandle again = NamespaceHandle.of(path)) {
            say("opened again: " + name.equals(again.toString()));
        }
        NamespaceHandle.unpin(path);
        say("file after unpin: " + Files.exists(path));
        sayMounts("mounts of namespaces after unpin");
    }

    private static void onWhatExists() throws Exception {
        Path file = Files.writeString(FOLDER.resolve("file"), "mine");
        Path link = Files.createSymbolicLink(FOLDER.resolve("link"), FOLDER.resolve("new"));
        try (NamespaceHandle handle = NamespaceHandle.ofCurrentThread(NamespaceKind.NET)) {
            attempt(() -> handle.pin(file));
            say("its content: " + Files.readString(file));
            attempt(() -> handle.pin(link));
            attempt(() -> handle.pin(FOLDER.resolve("none/file")));
        }
        sayNames("in the folder", FOLDER);
        sayMounts("mounts of namespaces");
    }

    private static void unpinOthers() throws Exception {
        Path file = Files.writeString(FOLDER.resolve("file"), "mine");
        Path pin = FOLDER.resolve("pin");
        try (NamespaceHandle handle = NamespaceHandle.ofCurrentThread(NamespaceKind.NET)) {
            handle.pin(pin);
        }
        attempt(() -> NamespaceHandle.unpin(file));
        say("its content: " + Files.readString(file));
        attempt(() -> NamespaceHandle.unpin(Path.of("/run")));
        attempt(() -> NamespaceHandle.unpin(Path.of("/proc/self/ns/net")));
        attempt(() -> NamespaceHandle.unpin(FOLDER.resolve("none")));
        Path link = Files.createSymbolicLink(FOLDER.resolve("link"), pin);
        attempt(() -> NamespaceHandle.unpin(link));
        sayMounts("mounts of namespaces");
    }

    private static void mountNamespace() throws Exception {
        try (NamespaceHandle own = NamespaceHandle.ofCurrentThread(NamespaceKind.MOUNT)) {
            attempt(() -> own.pin(Path.of("/run/own")));
        }
        Path shared = Files.createDirectory(Path.of("/run/shared"));
        tool("mount", "-t", "tmpfs", "none", shared.toString());
        tool("mount", "--make-shared", shared.toString());
        Path peer = Files.createDirectory(Path.of("/run/peer"));
        tool("mount", "--bind", shared.toString(), peer.toString());
        boolean pinned = false;
        for (int cpu = 0; cpu < Runtime.getRuntime().availableProcessors() && !pinned; cpu++) {
            try (NamespaceProcess process = madeOn(cpu);
                    NamespaceHandle handle = NamespaceHandle.of(NamespaceKind.MOUNT, process)) {
                pinned = pinOnPrivate(handle, Path.of("/run/child"));
                if (pinned) {
                    attempt(() -> handle.pin(shared.resolve("child")));
                }
            }
        }
        say("where mounts are private: " + pinned);
        sayNames("in the shared folder", shared);
        say("on another file: " + Files.exists(Path.of("/run/own")));
    }

    /** On Linux 6.18 namespaces are numbered per processor, and one that has been made on another than the caller's may count as older. */
    private static NamespaceProcess madeOn(int cpu) throws IOException {
        return Child.ready(PLAIN, "exec taskset -c $1 unshare --mount sh -c 'echo ready; exec cat'",
                Integer.toString(cpu));
    }

    private static boolean pinOnPrivate(NamespaceHandle handle, Path path) throws Exception {
        try {
            handle.pin(path);
            return handle.id().equals(Stat.id(path));
        } catch (NamespaceException _) {
            return false;
        }
    }

    private static void withoutRights() throws Exception {
        Path folder = Files.createTempDirectory(Path.of("/tmp"), "pinning");
        try (NamespaceHandle own = NamespaceHandle.ofCurrentThread(NamespaceKind.NET)) {
            attempt(() -> NamespaceHandle.of(Path.of("/proc/1/ns/net")).close());
            attempt(() -> NamespaceHandle.of(NamespaceKind.NET, 1).close());
            attempt(() -> own.pin(folder.resolve("pin")));
            sayNames("in the folder", folder);
        } finally {
            Files.delete(folder);
        }
    }

    private static NamespaceProcess holder(NamespaceBuilder builder) throws NamespaceException {
        return builder.spawn("sleep", "1000");
    }

    private static void attempt(Scenario scenario) throws Exception {
        try {
            scenario.run();
            say("nothing was refused");
        } catch (NamespaceException e) {
            say(String.valueOf(e.getMessage()));
        }
    }

    /** The name of the network namespace in which a command runs another. */
    private static String link(String... command) throws IOException, InterruptedException {
        return tool(Stream.concat(Stream.of(command), Stream.of("readlink", "/proc/self/ns/net"))
                .toArray(String[]::new));
    }

    private static String tool(String... command) throws IOException, InterruptedException {
        return Child.says(PLAIN, command);
    }

    private static void sayMounts(String what) throws IOException {
        say(what + ": " + Proc.text(Proc.SELF, "mountinfo").lines().filter(line -> line.contains(" - nsfs ")).count());
    }

    private static void sayNames(String what, Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
            say(what + ": " + names);
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
