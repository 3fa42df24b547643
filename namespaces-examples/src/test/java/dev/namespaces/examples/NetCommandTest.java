package dev.namespaces.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Command;
import dev.namespaces.Namespace;
import dev.namespaces.examples.NsProcess.Ended;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ns net show}. */
class NetCommandTest {

    @Test
    void aNetworkIsShownWithItsInterfacesAddressesAndRoutes() throws Exception {
        Namespace namespace = Namespace.builder().user()
                .net(n -> n.bridge("lan").mtu("lan", 1400).mac("lan", "02:00:00:00:00:01").bridge("off").down("off")
                        .address("lan", "10.9.0.1/24").address("lan", "fd00::1/64").gateway("10.9.0.254")
                        .gateway("fd00::fe").linkRoute("10.3.0.0/16", "lan"))
                .build();
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" net show $$", "sh"));
        command.addAll(NsProcess.ns());

        List<String> lines = namespace.run(Command.of(command)).orThrow().stdout().lines()
                .map(line -> line.replaceAll(" +", " ")).toList();

        assertThat(lines.getFirst()).isEqualTo("INTERFACE KIND UP STATE MTU MAC PORT OF ADDRESSES");
        assertThat(lines).contains("lo - up unknown 65536 00:00:00:00:00:00 - 127.0.0.1/8, ::1/128",
                "DESTINATION TYPE VIA INTERFACE SOURCE METRIC TABLE", "default unicast 10.9.0.254 lan - - main",
                "10.3.0.0/16 unicast - lan - - main", "10.9.0.0/24 unicast - lan 10.9.0.1 - main",
                "default (IPv6) unicast fd00::fe lan - 1024 main");
        assertThat(lines).anyMatch(line -> line.matches(
                "lan bridge up (unknown|down) 1400 02:00:00:00:00:01 - 10\\.9\\.0\\.1/24, fd00::1/64.*"));
        assertThat(lines).anyMatch(line -> line.startsWith("off bridge down down 1500 "));
    }

    /** As an ordinary user, {@code ns} has to go into that network to see it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theNetworkOfACommandOfOnesOwnIsShown(boolean asCurrentUser) throws Exception {
        Namespace namespace = Namespace.builder().user(u -> {
            if (asCurrentUser) {
                u.mapCurrent();
            }
        }).pid().net(n -> n.bridge("lan").address("lan", "10.9.0.1/24").gateway("10.9.0.254")).build();
        try (Sandbox sandbox = Sandbox.of(namespace)) {
            Ended ended = NsProcess.run("net", "show", sandbox.pid());

            assertThat(ended.stderr()).isEmpty();
            assertThat(ended.exitCode()).isZero();
            assertThat(ended.stdout().lines().map(line -> line.replaceAll(" +", " "))).contains(
                    "lo - up unknown 65536 00:00:00:00:00:00 - 127.0.0.1/8, ::1/128",
                    "default unicast 10.9.0.254 lan - - main");
        }
    }

    @Test
    void whatIsNotSaidOrNotThereIsRefused() {
        assertThat(NsProcess.here("net")).isEqualTo(
                new Ended(125, "",
                        "ns: what of the network: show or demo? (see ns net --help)" + System.lineSeparator()));
        assertThat(NsProcess.here("net", "show", "999999999").stderr()).contains("there is no process 999999999");
        assertThat(NsProcess.here("net", "show").stderr()).contains("Missing required parameter: 'PID'");
    }
}
