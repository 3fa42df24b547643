package dev.namespaces.benchmarks;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Another JVM, as a {@link Helper}: one with a large heap, with many open descriptors, or among many mounts. The last number of a request for times says
 * {@linkplain Way how} it spawns; another request has it open descriptors.
 */
final class SpawningJvm {

    /** How it spawns. */
    enum Way {
        /** Without new namespaces. */
        PLAIN(0),
        /** By {@link ProcessBuilder}. */
        PROCESS_BUILDER(1),
        /** In a {@linkplain SandboxedProgram sandbox} of its own, which starts with a copy of all the host's mounts. */
        SANDBOX(2),
        /** In one that is there already, and is entered by setns(2). */
        TEMPLATE(3);

        private final int number;

        Way(int number) {
            this.number = number;
        }

        /** As requests have it. */
        int number() {
            return number;
        }

        private static Way of(int number) {
            return Arrays.stream(values()).filter(way -> way.number == number).findFirst().orElseThrow();
        }
    }

    private static final int OPEN = 1;
    private static final String NULL_DEVICE = "/dev/null";

    private SpawningJvm() {}

    /**
     * Its command line.
     *
     * @param programs of which it spawns the one that ends at once
     * @param options the JVM's
     */
    static List<String> command(CPrograms programs, String... options) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Stream.of(Stream.of(java), Arrays.stream(options), Stream.of("--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), SpawningJvm.class.getName(), programs.exit().toString(),
                programs.directory().toString())).flatMap(words -> words).toList();
    }

    /** Has one open so many descriptors. */
    static void open(Helper jvm, int descriptors) throws IOException {
        jvm.ask(0, OPEN, descriptors, 0, 0);
    }

    public static void main(String... arguments) throws IOException, InterruptedException {
        List<FileInputStream> open = new ArrayList<>();
        DataInputStream requests = new DataInputStream(System.in);
        DataOutputStream answers = new DataOutputStream(new BufferedOutputStream(System.out));
        try {
            Map<Way, Side> sides = new EnumMap<>(Way.class);
            while (true) {
                long what = requests.readLong();
                int times = (int) requests.readLong();
                Duration pause = Duration.ofNanos(requests.readLong());
                Way way = Way.of((int) requests.readLong());
                if (what == OPEN) {
                    for (int i = 0; i < times; i++) {
                        open.add(new FileInputStream(NULL_DEVICE));
                    }
                    continue;
                }
                Side side = sides.get(way);
                if (side == null) {
                    side = Side.of(spawn(way, Path.of(arguments[0]), Path.of(arguments[1])), Endpoint.EXIT_SEEN);
                    sides.put(way, side);
                }
                for (long nanos : side.nanos(times, pause)) {
                    answers.writeLong(nanos);
                }
                answers.flush();
            }
        } catch (EOFException e) {
            System.exit(0);
        } finally {
            Reference.reachabilityFence(open);
        }
    }

    private static Spawn spawn(Way way, Path program, Path programs) throws IOException {
        Command command = Streams.DISCARDED.connect(Command.of(program.toString()));
        SandboxedProgram sandbox = SandboxedProgram.of("/opt/" + program.getFileName(), false, programs, programs);
        NamespaceBuilder mounts = Namespace.builder().mount(sandbox::mount);
        return switch (way) {
            case PLAIN -> Spawn.namespace(Namespace.builder().build(), command);
            case PROCESS_BUILDER -> Spawn.processBuilder(
                    Streams.DISCARDED.connect(new ProcessBuilder(program.toString())));
            case SANDBOX -> Spawn.namespace(mounts.build(), sandbox.discarding());
            case TEMPLATE -> Spawn.namespace(mounts.open(), sandbox.discarding());
        };
    }
}
