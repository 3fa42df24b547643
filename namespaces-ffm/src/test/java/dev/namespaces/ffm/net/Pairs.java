package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.namespaces.Link;
import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.NamespaceException;
import dev.namespaces.OpenNamespace;
import dev.namespaces.Step;
import dev.namespaces.ffm.spawn.Await;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pairs with one end in the JVM's network. {@link PairsTest} runs these tests in JVMs that have a network of their own. */
@ExtendWith(LeavesNothingBehind.class)
class Pairs {

    private static final Namespace HERE = Namespace.builder().build();

    /** Whose the new network is. */
    enum Owner {
        THE_JVMS, ITS_OWN;

        NamespaceBuilder builder() {
            return this == ITS_OWN ? Namespace.builder().user() : Namespace.builder();
        }
    }

    /** The kernel frees a network some time after its last process has ended. */
    @AfterEach
    void nothingIsLeftOutside() throws Exception {
        Await.value("nothing but the loopback interface", Pairs::outside, List.of("lo")::equals);
    }

    private static List<String> outside() throws NamespaceException {
        try (NetlinkSocket here = NetlinkSocket.open()) {
            return Links.list(here).stream().map(Link::name).toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneEndIsInsideAndTheOtherHereAndPacketsGoThrough(Owner owner) throws Exception {
        Namespace namespace = owner.builder().pid().net(n -> n.veth("eth0", "box").mtu("eth0", 1400)
                .mac("eth0", "02:00:00:00:00:01").address("eth0", "10.9.0.1/24").gateway("10.9.0.254")).build();
        try (OpenNamespace live = namespace.open()) {
            Map<String, Object> inside = Networks.ip(live, "link", "show", "eth0").getFirst();
            Map<String, Object> outside = Networks.ip(HERE, "link", "show", "box").getFirst();
            assertThat(inside).containsEntry("mtu", 1400L).containsEntry("address", "02:00:00:00:00:01");
            assertThat(outside).containsEntry("mtu", 1400L);
            assertThat(Json.at(Json.at(outside, "linkinfo"), "info_kind")).isEqualTo("veth");
            assertThat(Json.at(inside, "link_index")).isEqualTo(Json.at(outside, "ifindex"));
            assertThat(Json.at(outside, "link_index")).isEqualTo(Json.at(inside, "ifindex"));

            HERE.run("/sbin/ip", "address", "add", "10.9.0.254/24", "dev", "box").orThrow();
            HERE.run("/sbin/ip", "link", "set", "box", "up").orThrow();
            Await.value("the carrier", () -> live.links().get(1).state(), Link.State.UP::equals);
            live.run("/sbin/ip", "route", "get", "192.0.2.1").orThrow();
            assertThat(live.run("perl", "-MIO::Socket::INET", "-e",
                    "IO::Socket::INET->new(PeerAddr => q(10.9.0.254:9)) or print $!").orThrow().stdout())
                    .isEqualTo("Connection refused");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPairMayBeThePortOfABridgeInside(Owner owner) throws Exception {
        Namespace namespace = owner.builder().net(n -> n.veth("a", "far-a").veth("b", "far-b").bridge("lan", "a", "b")
                .address("lan", "10.9.0.1/24")).build();
        try (OpenNamespace live = namespace.open()) {
            int lan = live.links().stream().filter(link -> link.name().equals("lan")).findFirst().orElseThrow().index();

            assertThat(live.links().stream().filter(link -> link.master().orElse(0) == lan)).extracting(Link::name)
                    .containsExactlyInAnyOrder("a", "b");
            assertThat(outside()).containsExactlyInAnyOrder("lo", "far-a", "far-b");
            assertThat(Networks.ip(live, "link", "show", "master", "lan")).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ifSomethingIsRefusedLaterBothEndsAreGoneAtOnce(Owner owner) throws Exception {
        Namespace namespace = owner.builder().net(n -> n.veth("a", "far-a").veth("b", "far-b")
                .address("a", "10.9.0.1/24").gateway("10.9.0.255")).build();

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> namespace.run("true"))
                .satisfies(e -> assertThat(e.step()).isEqualTo(Step.ADD_ROUTE));
        assertThat(outside()).containsExactly("lo");
    }

    @ParameterizedTest
    @EnumSource
    void aNameThatIsTakenOutsideIsRefusedAndThePairBeforeItIsGone(Owner owner) throws Exception {
        HERE.run("/sbin/ip", "link", "add", "taken", "type", "bridge").orThrow();
        try {
            assertThatExceptionOfType(NamespaceException.class)
                    .isThrownBy(() -> owner.builder().net(n -> n.veth("a", "far-a").veth("b", "taken")).run("true"))
                    .satisfies(e -> {
                        assertThat(e.step()).isEqualTo(Step.ADD_LINK);
                        assertThat(e.errnoName()).isEqualTo("EEXIST");
                        assertThat(e.detail()).startsWith("b and its other end taken");
                        assertThat(e.remedy()).hasValue("choose another name, or delete the one that has it");
                    });
            assertThat(outside()).containsExactly("lo", "taken");
        } finally {
            HERE.run("/sbin/ip", "link", "delete", "taken").orThrow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theEndHereIsUpWithItsAddressesWhenTheCommandStarts(Owner owner) throws Exception {
        Namespace namespace = owner.builder().net(n -> n.veth("idle", "far").veth("eth0", "box")
                .address("eth0", "10.9.0.1/24").address("eth0", "fd00:9::1/64").gateway("10.9.0.254")
                .hostAddress("box", "10.9.0.254/24").hostAddress("box", "fd00:9::fe/64")).build();
        try (OpenNamespace live = namespace.open()) {
            assertThat(HERE.run("/sbin/ip", "-oneline", "address", "show", "dev", "box", "scope", "global").orThrow()
                    .stdout()).contains("10.9.0.254/24", "fd00:9::fe/64").doesNotContain("tentative");
            assertThat(HERE.run("/sbin/ip", "link", "show", "box").orThrow().stdout()).contains(",UP");
            assertThat(HERE.run("/sbin/ip", "link", "show", "far").orThrow().stdout()).doesNotContain("UP");
            assertThat(live.run("perl", "-MIO::Socket::IP", "-e",
                    "IO::Socket::IP->new(PeerHost => $_, PeerPort => 9) or print $!, qq(\n) for qw(10.9.0.254 fd00:9::fe)")
                    .orThrow().stdout()).isEqualTo("Connection refused\nConnection refused\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSysctlSparesTheLinkLocalAddressItsDetectionOfDuplicates(Owner owner) throws Exception {
        Namespace namespace = owner.builder().net(n -> n.veth("eth0", "box").address("eth0", "fd00:9::1/64")
                .hostAddress("box", "fd00:9::fe/64").sysctl("net.ipv6.conf.default.accept_dad", "0")).build();
        try (OpenNamespace live = namespace.open()) {
            assertThat(live.run("cat", "/proc/sys/net/ipv6/conf/eth0/accept_dad").orThrow().stdout()).isEqualTo("0\n");
            Await.value("the link-local address, which is tentative for a moment even so",
                    () -> live.run("/sbin/ip", "-6", "address", "show", "dev", "eth0").orThrow().stdout(),
                    text -> text.contains("fe80::") && !text.contains("tentative"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void ifTheAddressHereIsRefusedBothEndsAreGoneAtOnce(Owner owner) throws Exception {
        Namespace namespace = owner.builder().net(n -> n.veth("a", "far").hostAddress("far", "ff02::9/64")).build();

        assertThatExceptionOfType(NamespaceException.class).isThrownBy(() -> namespace.run("true")).satisfies(e -> {
            assertThat(e.step()).isEqualTo(Step.ADD_ADDRESS);
            assertThat(e.detail()).startsWith("ff02::9/64 dev far");
        });
        assertThat(outside()).containsExactly("lo");
    }

    @Test
    void aPairEndsWithItsNamespace() throws Exception {
        Namespace namespace = Namespace.builder().net(n -> n.veth("a", "far")).build();
        for (int i = 0; i < 20; i++) {
            try (OpenNamespace live = namespace.open()) {
                assertThat(outside()).containsExactly("lo", "far");
                assertThat(live.links()).extracting(Link::name).containsExactly("lo", "a");
            }
            nothingIsLeftOutside();
        }
    }
}
