package dev.namespaces.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.OpenNamespace;
import dev.namespaces.examples.NsProcess.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What ip(8) says inside, and of the ends outside. {@code ns} runs in a network of the test's own where it takes rights over that. */
class NetOptionsTest {

    private static final String SHOW = "/sbin/ip -json -details address";

    private static Map<?, ?> link(String json, String name) throws IOException {
        return JSON.std.listFrom(json).stream().map(Map.class::cast).filter(link -> name.equals(link.get("ifname")))
                .findFirst().orElseThrow(() -> new AssertionError("no " + name + " in " + json));
    }

    private static List<String> names(String json) throws IOException {
        return JSON.std.listFrom(json).stream().map(link -> String.valueOf(((Map<?, ?>) link).get("ifname"))).toList();
    }

    private static List<?> addresses(Map<?, ?> link) {
        return ((List<?>) Objects.requireNonNull(link.get("addr_info"))).stream().map(Map.class::cast)
                .filter(address -> "global".equals(address.get("scope")))
                .map(address -> address.get("local") + "/" + address.get("prefixlen")).toList();
    }

    private static Command ns(String options, String... command) {
        List<String> words = NsProcess.ns(("run " + options + " --").split(" ", -1));
        words.addAll(List.of(command));
        return Command.of(words);
    }

    private static OpenNamespace outside() throws IOException {
        return Namespace.builder().user().net().open();
    }

    @Test
    void aNetworkWithTheLoopbackInterfaceAlone() throws Exception {
        Ended ended = NsProcess.run("run", "--unshare-user", "--net-loopback", "--", "sh", "-c",
                "readlink /proc/self/ns/net; " + SHOW);

        String[] lines = ended.stdout().split("\n", 2);
        assertThat(lines[0]).isNotEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString());
        assertThat(names(lines[1])).containsExactly("lo");
        assertThat((List<?>) link(lines[1], "lo").get("flags")).asString().contains("UP", "LOWER_UP");
    }

    @Test
    void aPairLeadsOutside() throws Exception {
        try (OpenNamespace outside = outside();
                NamespaceProcess ns = outside
                        .spawn(ns("--veth eth0=10.9.0.1/24,peer=10.9.0.254/24 --veth eth1=fd00::1/64",
                                "sh", "-c", SHOW + "; cat"))) {
            String inside = ns.inputReader().readLine();
            String host = outside.run("sh", "-c", SHOW).orThrow().stdout();

            assertThat(names(inside)).containsExactlyInAnyOrder("lo", "eth0", "eth1");
            assertThat(addresses(link(inside, "eth0"))).isEqualTo(List.of("10.9.0.1/24"));
            assertThat(addresses(link(inside, "eth1"))).isEqualTo(List.of("fd00::1/64"));
            String end = "ns" + ns.pid() + "-";
            assertThat(names(host)).containsExactlyInAnyOrder("lo", end + 0, end + 1);
            assertThat(addresses(link(host, end + 0))).isEqualTo(List.of("10.9.0.254/24"));
            assertThat(link(host, end + 0).get("operstate")).isEqualTo("UP");
            assertThat(link(host, end + 0).get("link_index")).isEqualTo(link(inside, "eth0").get("ifindex"));
            assertThat(link(host, end + 1).get("operstate")).isEqualTo("DOWN");
        }
    }

    @Test
    void aBridgeHasPorts() throws Exception {
        try (OpenNamespace outside = outside()) {
            String inside = outside.run(ns("--veth a=10.9.0.1/24 --bridge lan=a,b --veth b=10.9.1.1/24 --bridge wan",
                    "sh", "-c", SHOW)).orThrow().stdout();

            assertThat(names(inside)).containsExactlyInAnyOrder("lo", "a", "b", "lan", "wan");
            for (String port : List.of("a", "b")) {
                assertThat(link(inside, port).get("master")).isEqualTo("lan");
            }
            for (String bridge : List.of("lan", "wan")) {
                assertThat(link(inside, bridge).get("linkinfo")).asString().contains("info_kind=bridge");
            }
        }
    }

    @Test
    void aWayOutLeadsThroughTap0() throws Exception {
        assumeWayOut();

        Ended ended = NsProcess.run("run", "--unshare-user", "--outbound", "--", "sh", "-c", SHOW);

        assertThat(addresses(link(ended.stdout(), "tap0")).getFirst()).isEqualTo("10.0.2.100/24");
    }

    @Test
    void aPublishedPortLeadsInside() throws Exception {
        assumeWayOut();
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Process ns = NsProcess.start("run", "--unshare-user", "--unshare-pid", "--publish", port + ":7000", "--",
                "python3", "-uc", "import socket; s = socket.create_server(('127.0.0.1', 7000)); print('listens');"
                        + " c, _ = s.accept(); c.sendall(b'from inside')");
        try {
            assertThat(ns.inputReader().readLine()).isEqualTo("listens");
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(new String(client.getInputStream().readAllBytes(), US_ASCII)).isEqualTo("from inside");
            }
            assertThat(ns.waitFor()).isZero();
        } finally {
            ns.destroy();
        }
    }

    private static void assumeWayOut() {
        assumeThat(Path.of("/dev/net/tun")).as("what pasta makes its interface by").isReadable().isWritable();
        assumeThat(Path.of("/proc/net/route")).as("pasta wants the host to have a default route")
                .content().containsPattern("\\t00000000\\t");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--veth eth0 true | --veth takes NAME=ADDR or NAME=ADDR,peer=ADDR: eth0 (see ns run --help)",
            "--veth eth0=10.9.0.1/24,host=10.9.0.2/24 true | --veth takes NAME=ADDR",
            "--veth eth0=host/24 true | --veth eth0=host/24: not an IP address: \"host\"",
            "--veth eth0=10.9.0.1/24 --veth eth0=10.9.1.1/24 true | there are two interfaces named eth0",
            "--bridge lan=a true | --bridge lan=a: no interface a has been described",
            "--bridge lan= true | --bridge takes NAME or NAME=PORT,PORT: lan=",
            "--publish 80 true | --publish takes HOST:BOX, two ports: 80",
            "--publish 0:80 true | --publish 0:80: not a port: 0",
            "--all --share-net --net-loopback true | --share-net excludes --net-loopback, --veth, --bridge, --outbound"})
    void wrongUseIsOneLineThatSaysWhatIsWrong(String arguments, String reason) {
        Ended ended = NsProcess.here(("run " + arguments).split(" ", -1));

        assertThat(ended.exitCode()).isEqualTo(125);
        assertThat(ended.stderr().lines()).singleElement().asString().startsWith("ns: ").contains(reason);
    }
}
