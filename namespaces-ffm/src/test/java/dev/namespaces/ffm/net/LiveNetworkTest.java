package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.namespaces.Link;
import dev.namespaces.Namespace;
import dev.namespaces.Neighbour;
import dev.namespaces.OpenNamespace;
import dev.namespaces.Route;
import dev.namespaces.ffm.linux.Tool;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import dev.namespaces.spi.IpText;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the JVM reads of live networks, beside what ip(8) says inside. */
@ExtendWith(LeavesNothingBehind.class)
class LiveNetworkTest {

    @BeforeAll
    static void findIp() {
        Tool.find("ip");
    }

    @Test
    void whatIsReadAgreesWithWhatIpSaysInside() throws Exception {
        try (OpenNamespace live = Namespace.builder().user().net(Networks::describe).open()) {
            Agreement agreement = Agreement.in(live);

            assertThat(agreement.links()).extracting(Link::name).containsExactly("lo", "lan", "wan", "off");
            assertThat(agreement.addresses()).extracting(it -> it.prefix().toString()).contains("fd00::1/64");
            assertThat(agreement.routes().stream().filter(Route::isDefault)).extracting(Route::gateway)
                    .extracting(gateway -> IpText.of(gateway.orElseThrow()))
                    .containsExactlyInAnyOrder("10.9.0.254", "fd00::fe");
            assertThat(agreement.neighbours().stream().filter(it -> it.state() == Neighbour.State.PERMANENT))
                    .singleElement().satisfies(it -> assertThat(it.mac()).hasToString(
                            "Optional[02:00:00:00:00:fe]"));
        }
    }

    @Test
    void whatAProgramInsideChangesIsReadAtOnce() throws Exception {
        try (OpenNamespace live = Namespace.builder().user().net().open()) {
            assertThat(live.links()).hasSize(1);

            live.run("/sbin/ip", "link", "add", "new", "type", "bridge").orThrow();

            assertThat(live.links()).extracting(Link::name).containsExactly("lo", "new");
            assertThat(live.links().getFirst().isUp()).isTrue();
        }
    }

    @Test
    void aLoopbackInterfaceThatWasLeftDownIsReadSo() throws Exception {
        try (OpenNamespace live = Namespace.builder().user().net(n -> n.withoutLoopback()).open()) {
            assertThat(live.links()).singleElement().matches(link -> !link.isUp());
            assertThat(live.addresses()).isEmpty();
        }
    }

    @Test
    void withoutANetworkOfItsOwnThereIsNothingToRead() throws Exception {
        OpenNamespace live = Namespace.builder().user().uts().open();
        try (live) {
            assertThatIllegalStateException().isThrownBy(live::links).withMessageContaining("no net namespace");
        }
        assertThatIllegalStateException().isThrownBy(live::routes).withMessage("these namespaces are closed");
    }

    @Test
    void thoseThatAreClosedAreNotRead() throws Exception {
        OpenNamespace live = Namespace.builder().user().net(Networks::describe).open();
        live.close();

        assertThatIllegalStateException().isThrownBy(live::links).withMessage("these namespaces are closed");
        assertThatIllegalStateException().isThrownBy(live::addresses);
        assertThatIllegalStateException().isThrownBy(live::neighbours);
    }

    @Test
    void openedAndClosedAgainAndAgainTheyLeaveNothing() throws Exception {
        Namespace namespace = Namespace.builder().user().pid().net(Networks::describe).build();
        for (int i = 0; i < 20; i++) {
            try (OpenNamespace live = namespace.open()) {
                assertThat(live.links()).hasSize(4);
            }
        }
    }
}
