package dev.namespaces.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.namespaces.examples.NsProcess.Ended;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Networks of several hosts: two examples, and {@code ns net demo}. */
class NetworkExamplesTest {

    private static Ended run(Class<?> example) throws Exception {
        List<String> command = NsProcess.ns();
        command.set(command.size() - 1, example.getName());
        return NsProcess.end(new ProcessBuilder(command).start(), "");
    }

    @Test
    void curlAndJavaAskAServerBehindARouter() throws Exception {
        assumeThat(Path.of("/usr/bin/curl")).as("Debian's curl").isExecutable();
        Ended ended = run(ThreeHosts.class);

        assertThat(ended.stderr()).isEmpty();
        assertThat(ended.stdout().lines()).hasSize(3).contains("curl: hello 10.9.0.1", "java: hello 10.9.0.1")
                .first().asString()
                .matches("the router is (20 ms away|near: .*the module sch_netem.*)");
        assertThat(ended.exitCode()).isZero();
    }

    @Test
    void aCounterIsDividedAndAgreesAgain() throws Exception {
        assertThat(run(Partition.class)).isEqualTo(
                new Ended(0, "together: [3, 3, 3]\nn1 apart: [4, 5, 5]\ntogether: [6, 6, 6]\n", ""));
    }

    @Test
    void theDemoShowsAPictureRoutesAndAPing() throws Exception {
        Ended ended = NsProcess.run("net", "demo");

        assertThat(ended.stderr()).isEmpty();
        assertThat(ended.stdout()).startsWith("flowchart LR\n").contains("h0[\"client\"]",
                "10.10.0.0/24  unicast  10.9.0.2  router");
        assertThat(ended.stdout().lines().toList().getLast())
                .matches("rtt min/avg/max/mdev = .* ms|There is no /usr/bin/ping here.");
        assertThat(NsProcess.run("net", "demo", "--dot").stdout()).startsWith("graph network {\n");
    }

    @Test
    void theDemosRouterHoldsPacketsWhereTheKernelCan() throws Exception {
        Ended ended = NsProcess.run("net", "demo", "--delay", "20");

        if (ended.exitCode() != 0) {
            assertThat(ended.stderr()).contains("cannot set the queueing discipline netem", "the module sch_netem");
        } else if (ended.stdout().contains("rtt")) {
            assertThat(ended.stdout()).containsPattern("rtt min/avg/max/mdev = 4\\d\\.");
        }
    }

    @Test
    void aDelayThatIsNoneIsRefused() {
        assertThat(NsProcess.here("net", "demo", "--delay", "-1").stderr()).contains("delay must lie between");
        assertThat(NsProcess.here("net", "demo", "--delay", "x").stderr()).contains("'x' is not an int");
    }
}
