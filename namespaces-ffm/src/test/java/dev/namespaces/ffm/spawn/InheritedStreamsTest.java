package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Stdio;
import dev.namespaces.ffm.linux.ChildJvm;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The JVM's own standard streams, given to a command; in another JVM, whose streams the test chooses. */
@ExtendWith(LeavesNothingBehind.class)
@Tag("slow-under-emulation") // starts many JVMs
class InheritedStreamsTest {

    /** Runs a shell with the JVM's streams. */
    static final class Inheriting {
        static void main(String[] arguments) throws Exception {
            Command command = Child
                    .shell("while read line; do echo \"out $line\"; echo \"err $line\" >&2; done; exit 5")
                    .stdin(Stdio.inherit()).stdout(Stdio.inherit()).stderr(Stdio.inherit());
            try (NamespaceProcess process = Way.valueOf(arguments[0]).namespace().spawn(command)) {
                System.exit(process.waitFor());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void inheritedStreamsAreTheJvms(Way way) throws Exception {
        Process jvm = ChildJvm.of(Inheriting.class, way.name()).builder().start();
        try (BufferedWriter writer = jvm.outputWriter(); BufferedReader reader = jvm.inputReader()) {
            writer.write("one\n");
            writer.flush();
            assertThat(reader.readLine()).isEqualTo("out one");
            assertThat(jvm.errorReader().readLine()).isEqualTo("err one");
        }
        assertThat(jvm.waitFor()).isEqualTo(5);
    }

    /** Writes to a file what its standard streams are, and what those of its children. */
    static final class WithClosedStreams {
        static void main(String[] arguments) throws Exception {
            Path links = Path.of(arguments[0] + ".links");
            Map<Integer, String> own = Proc.descriptors(Proc.SELF);
            StringBuilder report = new StringBuilder();
            for (int fd = 0; fd < 3; fd++) {
                report.append(own.getOrDefault(fd, "/dev/null")).append('\n');
            }
            String script = "links=$(for fd in 0 1 2; do readlink /proc/$$/fd/$fd; done); echo \"$links\" > \"$1\"";
            Command inherits = Child.shell(script, links.toString()).stdin(Stdio.inherit()).stdout(Stdio.inherit())
                    .stderr(Stdio.inherit());
            for (Way way : new Way[]{Way.PLAIN, Way.USER, Way.INIT}) {
                report.append(talkWith(way));
            }
            try (NamespaceProcess other = Namespace.builder().spawn("cat");
                    NamespaceProcess process = Namespace.builder().spawn(inherits)) {
                report.append(process.waitFor()).append('\n').append(Files.readString(links));
                Child.finish(other);
            }
            Files.writeString(Path.of(arguments[0]), report);
        }

        private static String talkWith(Way way) throws IOException, InterruptedException {
            try (NamespaceProcess cat = way.namespace().spawn(Child.shell("cat; echo errors work >&2"))) {
                cat.getOutputStream().write("pipes work\n".getBytes(UTF_8));
                Child.finish(cat);
                return cat.inputReader().readLine() + "\n" + cat.errorReader().readLine() + "\n";
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<&-", "2>&-", "<&- >&- 2>&-"})
    void whatIsClosedInTheJvmIsTheNullDeviceInACommandAndPipesWorkAllTheSame(String closed, @TempDir Path folder)
            throws Exception {
        Path report = folder.resolve("report");
        Process jvm = ChildJvm.of(WithClosedStreams.class, report.toString()).byScript("exec \"$@\" " + closed).start();
        jvm.getOutputStream().close();
        String output = jvm.inputReader().readAllAsString();

        assertThat(jvm.waitFor()).as(output).isZero();
        // What it was started without, a JVM may have filled with a file of its own by now, as any program does.
        List<String> jvmsOwn = Files.readAllLines(report).subList(0, 3);
        assertThat(report).hasContent(String.join("\n", jvmsOwn) + "\n" + "pipes work\nerrors work\n".repeat(3) + "0\n"
                + String.join("\n", jvmsOwn) + "\n");
    }
}
