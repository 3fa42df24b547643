package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Impairment;
import dev.namespaces.NamespaceException;
import dev.namespaces.RateLimit;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Queueing disciplines as tc(8) shows them, where the kernel has them, and otherwise what it is told to lack. */
@ExtendWith(LeavesNothingBehind.class)
class QdiscsTest {

    private static final LinkRef ETH = new LinkRef(2, "eth0");

    private NetBox box;

    @BeforeEach
    void open() throws Exception {
        box = NetBox.open();
        box.make(Links.veth(NewLink.named("eth0").at(ETH.index()), NewLink.named("peer").at(3), null));
    }

    @AfterEach
    void close() {
        box.close();
    }

    /** Whether the kernel does it. If not, it has to be for want of a module, which is then named. */
    private boolean makes(Request request, String module) throws Exception {
        try {
            box.make(request);
            return true;
        } catch (NamespaceException e) {
            assertThat(e.errno()).as(e.getMessage()).isEqualTo(Errno.ENOENT);
            assertThat(e.remedy()).hasValueSatisfying(remedy -> assertThat(remedy).contains("module " + module));
            return false;
        }
    }

    private String shown() throws Exception {
        return box.says("/sbin/tc", "qdisc", "show", "dev", "eth0").strip();
    }

    @Test
    void aRateIsLimitedAndTheLimitChangedAndTakenOff() throws Exception {
        String before = shown();
        if (!makes(Qdiscs.limit(ETH, new RateLimit(8_000_000, 10_000, 50_000)), "sch_tbf")) {
            return;
        }
        assertThat(shown()).contains("qdisc tbf", "root", "rate 8Mbit", "burst 10000b");

        box.make(Qdiscs.limit(ETH, new RateLimit(80_000_000_000L, 20_000, 50_000)));
        assertThat(shown()).contains("rate 80Gbit");
        assertThat(box.link("eth0").qdisc()).isEqualTo("tbf");

        box.make(Qdiscs.reset(ETH));
        assertThat(shown()).isEqualTo(before);
    }

    @Test
    void packetsAreImpaired() throws Exception {
        if (!makes(
                Qdiscs.impair(ETH, Impairment.NONE.delay(Duration.ofMillis(20)).jitter(Duration.ofMillis(3)).loss(0.25)
                        .reorder(0.5).bitsPerSecond(1_000_000).limit(77)),
                "sch_netem")) {
            return;
        }

        assertThat(shown()).contains("qdisc netem", "limit 77", "delay 20ms", "3ms", "loss 25%", "reorder 50%",
                "rate 1Mbit");

        box.make(Qdiscs.impair(ETH, Impairment.NONE.loss(1)));
        assertThat(shown()).contains("loss 100%").doesNotContain("delay", "rate", "reorder");
        if (makes(Qdiscs.limit(ETH, RateLimit.of(8_000_000)), "sch_tbf")) {
            assertThat(shown()).contains("tbf").doesNotContain("netem");
        }
    }
}
