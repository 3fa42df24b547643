package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Result;
import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Sys;
import java.io.FileInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What children of a JVM get that has thousands of open descriptors. */
@ExtendWith(LeavesNothingBehind.class)
class ManyDescriptorsTest {

    private static final int MANY = 3_000;
    /** The least that the kernel makes is 64; a table that had been copied whole would have room for all. */
    private static final int MOST_ROOM = 256;

    /** Opens files, when the library has been used before or when it has not, and says how large a child's table has become. */
    static final class Opening {
        static void main(String[] arguments) throws Exception {
            Way way = Way.valueOf(arguments[0]);
            if (arguments.length > 1) {
                Filter.install(Sys.CLONE3, Errno.ENOSYS);
            }
            Namespace namespace = way.builder().build();
            namespace.run("true").orThrow();
            List<FileInputStream> open = openMany();
            Result result = namespace.run("sh", "-c", "grep FDSize: /proc/self/status; ls /proc/self/fd | wc -w");
            System.out.print(result.orThrow().stdout());
            closeAll(open);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void theTableOfDescriptorsIsNotCopied(Way way) throws Exception {
        assertThat(room(ChildJvm.of(Opening.class, way.name()).output())).isLessThanOrEqualTo(MOST_ROOM);
    }

    @ParameterizedTest
    @EnumSource(value = Way.class, mode = EnumSource.Mode.EXCLUDE, names = "ALL") // whose time namespace takes clone3
    void whereClone3IsRefusedItIsTheSame(Way way) throws Exception {
        assertThat(room(ChildJvm.of(Opening.class, way.name(), "without clone3").output()))
                .isLessThanOrEqualTo(MOST_ROOM);
    }

    private static int room(String output) {
        assertThat(output).matches("FDSize:\\s+\\d+\n4\n"); // the directory that ls reads is the fourth
        return Integer.parseInt(output.replaceAll("FDSize:\\s+(\\d+)\n.*\n", "$1"));
    }

    /** Whose guard is started when there are thousands already. */
    static final class GuardedLate {
        static void main() throws Exception {
            Namespace.builder().run("true").orThrow();
            List<FileInputStream> open = openMany();
            System.out.print(Namespace.builder().dieWithJvm()
                    .run("sh", "-c", "grep FDSize: /proc/self/status; ls /proc/self/fd | wc -w").orThrow().stdout());
            closeAll(open);
        }
    }

    @Test
    void theGuardsSocketHasALowNumberToo() throws Exception {
        assertThat(room(ChildJvm.of(GuardedLate.class).output())).isLessThanOrEqualTo(MOST_ROOM);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void manyAtOnceHaveEachItsOwnStreamsAndTheJvmKeepsItsDescriptors(Way way) throws Exception {
        NamespaceBuilder builder = way.builder();
        builder.run("true").orThrow();
        List<FileInputStream> open = openMany();
        Map<Integer, String> before = descriptors();
        List<Callable<String>> tasks = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String word = "word" + i;
            tasks.add(() -> echo(builder, word));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
            List<String> answers = new ArrayList<>();
            for (Future<String> each : threads.invokeAll(tasks)) {
                answers.add(each.get());
            }
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i)).isEqualTo("word" + i + " 4\n");
            }
        }

        Await.value("the same descriptors as before", ManyDescriptorsTest::descriptors, before::equals);
        closeAll(open);
    }

    private static String echo(NamespaceBuilder builder, String word) throws Exception {
        try (NamespaceProcess process = builder.spawn("sh", "-c",
                "read word; echo $word $(ls /proc/self/fd | wc -w)")) {
            process.getOutputStream().write((word + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Of this JVM: the directory stream that reads them is not among them. */
    private static Map<Integer, String> descriptors() throws Exception {
        Map<Integer, String> all = new TreeMap<>(Proc.descriptors(Proc.SELF));
        all.values().removeIf(target -> target.startsWith("/proc/"));
        return all;
    }

    private static List<FileInputStream> openMany() throws Exception {
        List<FileInputStream> open = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            open.add(new FileInputStream("/dev/zero"));
        }
        return open;
    }

    private static void closeAll(List<FileInputStream> open) throws Exception {
        for (FileInputStream each : open) {
            each.close();
        }
    }
}
