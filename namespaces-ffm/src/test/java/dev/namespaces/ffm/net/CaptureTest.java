package dev.namespaces.ffm.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.namespaces.Capture;
import dev.namespaces.Command;
import dev.namespaces.Link;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.OpenNamespace;
import dev.namespaces.Spawner;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.OrdinaryUser;
import dev.namespaces.ffm.linux.Tool;
import dev.namespaces.ffm.spawn.Await;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was sent inside, beside what tcpdump(8) and tshark(1) find in the file. */
@ExtendWith(LeavesNothingBehind.class)
class CaptureTest {

    private static final Path TCPDUMP = Path.of("/usr/bin/tcpdump");
    private static final Path TSHARK = Path.of("/usr/bin/tshark");
    private static final Namespace OUTSIDE = Namespace.builder().build();
    private static final int PORT = 4242;

    @TempDir
    Path directory;
    private Path file;

    @BeforeAll
    static void findTools() {
        for (Path tool : List.of(TCPDUMP, TSHARK)) {
            assumeTrue(Files.isExecutable(tool), tool + " is not installed");
        }
        Tool.find("python3");
    }

    @BeforeEach
    void nameFile() {
        file = directory.resolve("packets.pcap");
    }

    /** Sends numbered datagrams, of four bytes or longer, to a socket on the loopback interface that nobody reads from. */
    private static void send(Spawner inside, int count, int length) throws Exception {
        inside.run("python3", "-c", """
                import socket
                receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                receiver.bind(("127.0.0.1", %d))
                sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                sender.connect(("127.0.0.1", %d))
                for i in range(%d):
                    sender.send(i.to_bytes(4, "big") + bytes(%d - 4))
                """.formatted(PORT, PORT, count, length)).orThrow();
    }

    /** One row for each packet. */
    private static List<List<String>> tshark(Path file, String... fields) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-n", "-r", file.toString(), "-T", "fields"));
        for (String field : fields) {
            arguments.addAll(List.of("-e", field));
        }
        return OUTSIDE.run(Command.of(TSHARK.toString(), arguments.toArray(String[]::new)).outputLimit(100_000_000))
                .orThrow().stdout().lines().map(line -> List.of(line.split("\t", -1))).toList();
    }

    private static List<String> tcpdump(Path file) throws Exception {
        return OUTSIDE.run(TCPDUMP.toString(), "-n", "-r", file.toString()).orThrow().stdout().lines().toList();
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(i -> HexFormat.of().toHexDigits(i)).toList();
    }

    @Test
    void whatIsSentIsInTheFile() throws Exception {
        Instant before = Instant.now();
        try (OpenNamespace live = Namespace.builder().user().net().open()) {
            Capture capture = live.capture(file);
            send(live, 3, 4);

            capture.close();

            assertThat(capture.packets()).isEqualTo(3);
            assertThat(capture.dropped()).isZero();
        }
        assertThat(tshark(file, "sll.ifindex", "sll.hatype", "ip.dst", "udp.dstport", "data.data"))
                .containsExactlyElementsOf(
                        numbers(3).stream().map(data -> List.of("1", "772", "127.0.0.1", "4242", data)).toList());
        assertThat(tshark(file, "frame.time_epoch")).allSatisfy(row -> {
            String[] time = row.getFirst().split("\\.", -1);
            assertThat(time[1]).as("nanoseconds").hasSize(9);
            assertThat(Instant.ofEpochSecond(Long.parseLong(time[0]), Long.parseLong(time[1]))).isBetween(before,
                    Instant.now());
        });
        assertThat(tcpdump(file)).hasSize(3).allSatisfy(line -> assertThat(line)
                .contains("IP 127.0.0.1.").contains("> 127.0.0.1.4242: UDP, length 4"));
    }

    @Test
    void everyInterfaceIsSeenAndBothDirections() throws Exception {
        try (OpenNamespace live = Namespace.builder().user().net().open()) {
            Capture capture = live.capture(file);
            live.run("sh", "-ec", """
                    PATH=$PATH:/usr/sbin
                    ip link add near type veth peer name far
                    ip link set near up
                    ip link set far up address 02:00:00:00:00:02
                    ip address add 10.9.0.1/24 dev near
                    ip neigh add 10.9.0.2 dev near lladdr 02:00:00:00:00:02
                    """).orThrow();
            live.run("bash", "-c", "echo -n across > /dev/udp/10.9.0.2/4242").orThrow();
            Map<String, String> numbers = live.links().stream()
                    .collect(Collectors.toMap(Link::name, link -> Integer.toString(link.index())));

            capture.close();

            assertThat(tshark(file, "sll.ifindex", "sll.pkttype", "ip.dst", "data.data")).contains(
                    List.of(numbers.get("near"), "4", "10.9.0.2", hex("across")),
                    List.of(numbers.get("far"), "0", "10.9.0.2", hex("across")));
        }
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(UTF_8));
    }

    @Test
    void ofTenThousandPacketsAtOnceNoneIsLost() throws Exception {
        try (OpenNamespace live = Namespace.builder().user().net().open()) {
            Capture capture = live.capture(file);
            send(live, 10_000, 1400);

            capture.close();

            assertThat(capture.dropped()).isZero();
            assertThat(capture.packets()).isEqualTo(10_000);
        }
        assertThat(tshark(file, "data.data")).extracting(row -> row.getFirst().substring(0, 8))
                .containsExactlyElementsOf(numbers(10_000));
        assertThat(tshark(file, "data.len")).containsOnly(List.of("1400"));
    }

    @Test
    void aLargeTransferIsWhole() throws Exception {
        int bytes = 20_000_000;
        try (OpenNamespace live = Namespace.builder().user().net().open()) {
            Capture capture = live.capture(file);
            live.run("python3", "-c", """
                    import os, socket
                    server = socket.create_server(("127.0.0.1", %d))
                    if os.fork() == 0:
                        socket.create_connection(("127.0.0.1", %d)).sendall(bytes(%d))
                        os._exit(0)
                    connection, _ = server.accept()
                    while connection.recv(1 << 20): pass
                    """.formatted(PORT, PORT, bytes)).orThrow();

            capture.close();

            assertThat(capture.dropped()).isZero();
        }
        long next = 1; // as tshark counts, from the connection's first byte
        for (List<Long> segment : tshark(file, "tcp.seq", "tcp.len", "frame.len", "frame.cap_len").stream()
                .map(row -> row.stream().map(Long::valueOf).toList()).filter(segment -> segment.get(1) > 0)
                .sorted(Comparator.comparing(List::getFirst)).toList()) {
            assertThat(segment.get(2)).as("captured whole").isEqualTo(segment.get(3));
            assertThat(segment.getFirst()).as("without a gap").isLessThanOrEqualTo(next);
            next = Math.max(next, segment.getFirst() + segment.get(1));
        }
        assertThat(next).isEqualTo(1L + bytes);
    }

    @Test
    void whileItIsRunningTheFileHoldsWholePacketsAlready() throws Exception {
        try (OpenNamespace live = Namespace.builder().user().net().open()) {
            Capture capture = live.capture(file);
            assertThat(tcpdump(file)).as("nothing was sent").isEmpty();

            send(live, 100, 100);
            Await.until("all of them to be in the file", () -> capture.packets() == 100);

            assertThat(tcpdump(file)).hasSize(100);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whateverElseThereIsTheNetworkCanBeLookedInto(CommandNetworkTest.Besides besides) throws Exception {
        try (OpenNamespace live = besides.namespace().open()) {
            Capture capture = live.capture(file);
            live.run("/bin/bash", "-c", "echo > /dev/udp/127.0.0.1/4242").orThrow();

            capture.close();

            assertThat(tcpdump(file)).anyMatch(line -> line.contains("> 127.0.0.1.4242: UDP, length 1"));
        }
    }

    @Test
    void asRootNoUserNamespaceIsNeededAndWhatIsJoinedIsCapturedToo() throws Exception {
        assumeThat(OrdinaryUser.isSelf()).isFalse();
        try (OpenNamespace live = Namespace.builder().net().open();
                OpenNamespace same = Namespace.builder().join(live.handle(NamespaceKind.NET)).open()) {
            Capture capture = same.capture(file);
            send(live, 2, 4);

            capture.close();

            assertThat(tcpdump(file)).hasSize(2);
        }
    }

    @Test
    void theNetworksAreNotMixedUpAndEachMayBeCapturedTwice() throws Exception {
        Path other = directory.resolve("other");
        Path again = directory.resolve("again");
        Namespace namespace = Namespace.builder().user().net().build();
        try (OpenNamespace one = namespace.open(); OpenNamespace two = namespace.open()) {
            try (Capture _ = one.capture(file); Capture _ = two.capture(other)) {
                send(one, 1, 4);
                try (Capture _ = one.capture(again)) {
                    send(one, 2, 4);
                }
                send(two, 5, 4);
            }
        }
        assertThat(tcpdump(file)).hasSize(3);
        assertThat(tcpdump(again)).hasSize(2);
        assertThat(tcpdump(other)).hasSize(5);
    }

    @Test
    void whenTheNamespacesAreClosedItIsComplete() throws Exception {
        OpenNamespace live = Namespace.builder().user().net().open();
        Capture capture = live.capture(file);
        send(live, 7, 4);

        live.close();

        assertThat(capture.packets()).isEqualTo(7);
        assertThat(tcpdump(file)).hasSize(7);
        capture.close();
    }

    @Test
    void whatIsSentAfterItsEndIsNotInTheFile() throws Exception {
        Files.writeString(file, "what was there before, and is longer than the header of a file of packets");
        try (OpenNamespace live = Namespace.builder().user().net().open()) {
            Capture capture = live.capture(file);
            send(live, 1, 4);
            capture.close();

            send(live, 1, 4);
            capture.close();

            assertThat(capture.packets()).isEqualTo(1);
            assertThat(capture.dropped()).isZero();
            assertThat(tcpdump(file)).hasSize(1);
        }
    }

    @Test
    void itEndsThoughThereIsTrafficAllTheTime() throws Exception {
        try (OpenNamespace live = Namespace.builder().user().net().open();
                NamespaceProcess _ = live.spawn("bash", "-c", "while :; do echo > /dev/udp/127.0.0.1/4242; done")) {
            Capture capture = live.capture(file);
            Await.until("some of it", () -> capture.packets() > 100);

            capture.close();

            assertThat(tcpdump(file)).hasSize((int) capture.packets());
        }
    }

    @Test
    void whatDoesNotFitIsCounted() throws Exception {
        Path fifo = fifo();
        Path copy = directory.resolve("copy");
        int sent = 1000; // of 60000 bytes: more than the memory between the network and the file
        try (OpenNamespace live = Namespace.builder().user().net().open()) {
            Capture capture;
            NamespaceProcess reader;
            try (RandomAccessFile _ = new RandomAccessFile(fifo.toFile(), "rw")) { // who reads nothing
                capture = live.capture(fifo);
                send(live, sent, 60_000);
                assertThat(capture.dropped()).isPositive();
                reader = OUTSIDE.spawn("sh", "-c", "exec cat \"$0\" > \"$1\"", fifo.toString(), copy.toString());
                Await.until("the rest to be written", () -> capture.packets() + capture.dropped() == sent);
            }
            try (reader) {
                capture.close();
                assertThat(reader.waitFor()).isZero();
            }
            assertThat(capture.packets()).isPositive();
            assertThat(tcpdump(copy)).hasSize((int) capture.packets());
        }
    }

    private Path fifo() throws IOException {
        Path fifo = directory.resolve("fifo");
        Tool.run("mkfifo", fifo);
        return fifo;
    }

    @Test
    void ifTheFileCannotBeWrittenToItsEndTheEndSaysSo() throws Exception {
        Path fifo = fifo();
        try (OpenNamespace live = Namespace.builder().user().net().open()) {
            Capture capture;
            try (RandomAccessFile _ = new RandomAccessFile(fifo.toFile(), "rw")) {
                capture = live.capture(fifo);
            }

            send(live, 1, 4);

            assertThatExceptionOfType(NamespaceException.class).isThrownBy(capture::close)
                    .withMessage("cannot capture packets to " + fifo + ": Broken pipe (EPIPE)");
            capture.close();
            assertThat(capture.packets()).isZero();
        }
    }

    @Test
    void whereNoFileCanBeNothingIsCaptured() throws Exception {
        try (OpenNamespace live = Namespace.builder().user().net().open()) {
            refuses(live, directory.resolve("missing/file"), "ENOENT");
            refuses(live, directory, "EISDIR");
            refuses(live, Path.of("/dev/full"), "ENOSPC");
            refuses(live, fifo(), "ENXIO");
        }
    }

    private static void refuses(OpenNamespace live, Path path, String errno) {
        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> live.capture(path))
                .satisfies(e -> assertThat(e.step()).isEqualTo(Step.CAPTURE))
                .satisfies(e -> assertThat(e.errnoName()).isEqualTo(errno))
                .withMessageStartingWith("cannot capture packets to " + path + ": ");
    }

    @Test
    void withoutANetworkThereIsNothingToCapture() throws Exception {
        OpenNamespace live = Namespace.builder().user().uts().open();
        try (live) {
            assertThatIllegalStateException().isThrownBy(() -> live.capture(file))
                    .withMessageContaining("no net namespace");
        }
        assertThatIllegalStateException().isThrownBy(() -> live.capture(file))
                .withMessage("these namespaces are closed");
        assertThat(file).doesNotExist();
    }
}
