package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The pipes between the JVM and a command. */
@ExtendWith(LeavesNothingBehind.class)
class PipesTest {

    private static final Namespace PLAIN = Namespace.builder().build();
    /** What a pipe holds: pipe(7). */
    private static final int PIPE = 65536;

    @ParameterizedTest
    @EnumSource(Way.class)
    void catAnswersLineByLine(Way way) throws Exception {
        try (NamespaceProcess cat = way.namespace().spawn("cat")) {
            BufferedWriter writer = cat.outputWriter();
            BufferedReader reader = cat.inputReader();
            for (String line : new String[]{"one", "größer", "", "last"}) {
                writer.write(line + "\n");
                writer.flush();
                assertThat(reader.readLine()).isEqualTo(line);
            }
            writer.close();
            assertThat(reader.readLine()).isNull();
            assertThat(cat.waitFor()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void muchMoreThanAPipeHoldsPassesBothWays(Way way) throws Exception {
        byte[] content = new byte[5_000_000];
        new Random(1).nextBytes(content);
        try (NamespaceProcess cat = way.namespace().spawn("cat")) {
            FutureTask<Void> writing = new FutureTask<>(() -> {
                try (OutputStream input = cat.getOutputStream()) {
                    input.write(content);
                }
                return null;
            });
            Thread.ofVirtual().start(writing);

            assertThat(cat.getInputStream().readAllBytes()).isEqualTo(content);
            writing.get();
            assertThat(cat.waitFor()).isZero();
        }
    }

    @Test
    void outputAndErrorsAreTwoPipes() throws Exception {
        try (NamespaceProcess process = PLAIN.spawn(Child.shell("echo out; echo err >&2"))) {
            assertThat(process.errorReader().readLine()).isEqualTo("err");
            assertThat(process.inputReader().readLine()).isEqualTo("out");
        }
    }

    @Test
    void availableTellsWhatCanBeReadWithoutWaiting() throws Exception {
        try (NamespaceProcess process = PLAIN.spawn(Child.shell("printf 12345; cat"))) {
            InputStream output = process.getInputStream();

            Await.until("5 bytes to be available", () -> output.available() == 5);
            assertThat(output.read()).isEqualTo('1');
            assertThat(output.available()).isEqualTo(4);
            Child.finish(process);
            assertThat(output.available()).isEqualTo(4);
        }
    }

    @Test
    void aReadOfNothingAndAReadOfOneByteWork() throws Exception {
        try (NamespaceProcess process = PLAIN.spawn(Child.shell("printf '\\377'"))) {
            InputStream output = process.getInputStream();

            assertThat(output.read(new byte[0])).isZero();
            assertThat(output.read()).isEqualTo(0xff);
            assertThat(output.read()).isEqualTo(-1);
            assertThat(output.read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void whatWasWrittenStaysReadableAfterTheExit(Way way) throws Exception {
        try (NamespaceProcess process = way.namespace()
                .spawn(Child.shell("head -c 60000 /dev/zero; echo error >&2"))) {
            process.waitFor();

            assertThat(process.getInputStream().readAllBytes()).hasSize(60000);
            assertThat(process.errorReader().readLine()).isEqualTo("error");
        }
    }

    @Test
    void whatADescendantWritesAfterTheExitIsReadToo(@TempDir Path folder) throws Exception {
        Path fifo = Child.fifo(folder);
        try (NamespaceProcess process = PLAIN
                .spawn(Child.shell("{ read line < $1; echo late; } & echo early", fifo.toString()))) {
            assertThat(process.waitFor()).isZero();
            Files.writeString(fifo, "go on\n");

            assertThat(process.inputReader().lines()).containsExactly("early", "late");
        }
    }

    @Test
    void aPipeThatADescendantHeldIsGivenBackWhenThatEndsThoughNobodyReadsOrCloses(@TempDir Path folder)
            throws Exception {
        Path fifo = Child.fifo(folder);
        Set<String> before = pipes();
        try (NamespaceProcess process = PLAIN
                .spawn(Child.shell("{ read line < $1; echo late; } & echo early", fifo.toString()))) {
            assertThat(process.waitFor()).isZero();
            assertThat(pipesBeyond(before)).as("those of its output and of its errors").hasSize(2);
            Files.writeString(fifo, "go on\n");

            Await.value("the pipes to be given back", () -> pipesBeyond(before), Set::isEmpty);
            assertThat(process.inputReader().lines()).containsExactly("early", "late");
        }
    }

    @Test
    void aReadThatHadToWaitMeanwhileDoesNotKeepThatFromHappening(@TempDir Path folder) throws Exception {
        Path fifo = Child.fifo(folder);
        Path second = Child.fifo(Files.createDirectory(folder.resolve("second"))); // in the first, the end of "go on" might be seen
        Set<String> before = pipes();
        try (NamespaceProcess process = PLAIN.spawn(
                Child.shell("{ read line < $1; echo late; read line < $2; } & echo early", fifo.toString(),
                        second.toString()))) {
            InputStream output = process.getInputStream();
            process.waitFor();
            assertThat(output.readNBytes("early\n".length())).asString(UTF_8).isEqualTo("early\n");
            FutureTask<Integer> reading = new FutureTask<>(output::read);
            Thread reader = Thread.ofVirtual().start(reading);
            Await.until("the reader to wait", () -> reader.getState() == Thread.State.WAITING);
            Files.writeString(fifo, "go on\n");
            assertThat(reading.get()).isEqualTo('l');
            assertThat(pipesBeyond(before)).hasSize(2);
            Files.writeString(second, "end\n");

            Await.value("the pipes to be given back", () -> pipesBeyond(before), Set::isEmpty);
            assertThat(output.readAllBytes()).asString(UTF_8).isEqualTo("ate\n");
        }
    }

    private static Set<String> pipesBeyond(Set<String> before) throws IOException {
        Set<String> pipes = pipes();
        pipes.removeAll(before);
        return pipes;
    }

    private static Set<String> pipes() throws IOException {
        return Proc.descriptors(Proc.SELF).values().stream().filter(target -> target.startsWith("pipe:"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    @Tag("slow-under-emulation")
    void descendantsThatNeverStopWritingAfterTheExitHoldNothingUpAndFillNoMemory() throws Exception {
        Namespace session = Namespace.builder().newSession().build();
        for (int i = 0; i < 30; i++) {
            List<ProcessHandle> writers = new ArrayList<>();
            try (NamespaceProcess process = session
                    .spawn(Child.shell("yes & echo $! >&2; yes & echo $! >&2; yes & echo $! >&2"))) {
                process.errorReader().lines().limit(3).map(Long::valueOf)
                        .forEach(pid -> ProcessHandle.of(pid).ifPresent(writers::add));
                process.onExit().get();

                assertThat(process.getInputStream().available()).isLessThanOrEqualTo(PIPE + PIPE);
                assertThat(process.inputReader().readLine()).isEqualTo("y");
            } finally {
                writers.forEach(ProcessHandle::destroyForcibly);
            }
        }
    }

    @Test
    void aStreamThatTheCommandClosesEndsWhileItRuns() throws Exception {
        try (NamespaceProcess process = PLAIN.spawn(Child.shell("exec >&- 2>&-; read line || :"))) {
            assertThat(process.getInputStream().read()).isEqualTo(-1);
            assertThat(process.getErrorStream().read()).isEqualTo(-1);
            assertThat(process.isAlive()).isTrue();
            assertThat(Child.finish(process)).isNotNegative();
        }
    }

    // ---- closing

    @Test
    void closingItsInputEndsCat() throws Exception {
        try (NamespaceProcess cat = PLAIN.spawn("cat")) {
            assertThat(Child.finish(cat)).isZero();
        }
    }

    @Test
    void aReadAfterTheCloseIsAnError() throws Exception {
        try (NamespaceProcess cat = PLAIN.spawn("cat")) {
            InputStream output = cat.getInputStream();
            output.close();
            output.close();

            assertThatExceptionOfType(IOException.class).isThrownBy(output::read);
            assertThatExceptionOfType(IOException.class).isThrownBy(output::available);
        }
    }

    @Test
    void aWriteAfterTheExitIsAnError() throws Exception {
        try (NamespaceProcess process = PLAIN.spawn("true")) {
            OutputStream input = process.getOutputStream();
            process.waitFor();

            assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
                input.write(1);
                input.flush();
            });
        }
    }

    @Test
    void aWriteThatNobodyWillReadIsAnErrorAndNotASignal() throws Exception {
        try (NamespaceProcess process = Child.ready(PLAIN, "exec <&-; echo ready; exec sleep 1000")) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
                process.getOutputStream().write(1);
                process.getOutputStream().flush();
            }).withMessageContaining("EPIPE");
            process.destroy();
            process.waitFor();
        }
    }

    @Test
    void closingTheProcessEndsAReadThatWaits() throws Exception {
        try (NamespaceProcess cat = PLAIN.spawn("cat")) {
            CompletableFuture<Object> end = new CompletableFuture<>();
            Thread reader = Thread.ofPlatform().start(() -> {
                try {
                    end.complete(cat.getInputStream().read());
                } catch (IOException e) {
                    end.complete(e);
                }
            });
            Await.until("the reader to wait", () -> reader.getState() == Thread.State.WAITING);
            Child.close(cat);

            assertThat(end.get()).satisfiesAnyOf(read -> assertThat(read).isEqualTo(-1),
                    e -> assertThat(e).isInstanceOf(IOException.class));
            reader.join();
        }
    }

    @Test
    void closingTheStreamEndsAWriteThatWaits() throws Exception {
        try (NamespaceProcess sleep = PLAIN.spawn("sleep", "1000")) {
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    sleep.getOutputStream().write(new byte[1_000_000]);
                } catch (IOException e) {
                    failure.complete(e);
                }
            });
            Await.until("the writer to wait", () -> writer.getState() == Thread.State.WAITING);
            Child.close(sleep);

            assertThat(failure.get()).isInstanceOf(IOException.class);
            writer.join();
        }
    }

    @Test
    void anInterruptDoesNotDisturbARead() throws Exception {
        try (NamespaceProcess cat = PLAIN.spawn("cat")) {
            FutureTask<Integer> reading = new FutureTask<>(() -> cat.getInputStream().read());
            Thread reader = Thread.ofVirtual().start(reading);
            Await.until("the reader to wait", () -> reader.getState() == Thread.State.WAITING);
            reader.interrupt();
            cat.getOutputStream().write('x');
            cat.getOutputStream().flush();

            assertThat(reading.get()).isEqualTo('x');
        }
    }
}
