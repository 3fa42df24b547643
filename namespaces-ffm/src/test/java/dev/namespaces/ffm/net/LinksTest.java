package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.namespaces.Link;
import dev.namespaces.MacAddress;
import dev.namespaces.MacvlanMode;
import dev.namespaces.NamespaceException;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Interfaces that are made, changed, moved and deleted, as ip(8) shows them. */
@ExtendWith(LeavesNothingBehind.class)
class LinksTest {

    private NetBox box;

    @BeforeEach
    void open() throws Exception {
        box = NetBox.open();
    }

    @AfterEach
    void close() {
        box.close();
    }

    /** What ip(8) says of one interface. */
    private Map<String, Object> shown(String name) throws Exception {
        return box.ip("link", "show", "dev", name).getFirst();
    }

    private static Object kindData(Map<String, Object> shown) {
        return Json.at(Json.at(shown, "linkinfo"), "info_data");
    }

    @SuppressWarnings("unchecked")
    private List<String> flags(String name) throws Exception {
        return (List<String>) Json.at(shown(name), "flags");
    }

    @Test
    void theOtherEndOfAPairIsMadeInTheOtherNamespaceByItsDescriptor() throws Exception {
        NetBox other = box.another();
        int descriptor = other.descriptor();
        try {
            box.make(Links.veth(NewLink.named("here").with(1400, MacAddress.of("02:00:00:00:00:aa")),
                    NewLink.named("there").with(1300, MacAddress.of("02:00:00:00:00:bb")),
                    Place.ofDescriptor(descriptor)));
        } finally {
            Syscalls.close(descriptor);
        }

        assertThat(shown("here")).containsEntry("mtu", 1400L).containsEntry("address", "02:00:00:00:00:aa");
        assertThat(flags("here")).contains("UP");
        assertThat(other.ip("link")).extracting(link -> link.get("ifname")).containsExactly("lo", "there");
        assertThat(other.ip("link", "show", "dev", "there").getFirst()).containsEntry("mtu", 1300L)
                .containsEntry("address", "02:00:00:00:00:bb");
        assertThat(other.link("there").isUp()).isFalse();
        assertThat(box.ip("link")).extracting(link -> link.get("ifname")).containsExactly("lo", "here");
    }

    @Test
    void aPairHasTheNumbersThatWereChosenSoThatWhatFollowsCanNameThem() throws Exception {
        box.make(Links.veth(NewLink.named("a").at(20).down(), NewLink.named("b").at(30), null),
                Links.up(new LinkRef(20, "a")), Links.up(new LinkRef(30, "b")));

        assertThat(shown("a")).containsEntry("ifindex", 20L).containsEntry("operstate", "UP");
        assertThat(shown("b")).containsEntry("ifindex", 30L).containsEntry("operstate", "UP");
    }

    @Test
    void aBridgeGetsPortsWhenTheyAreMadeAndLater() throws Exception {
        box.make(Links.bridge(NewLink.named("lan").at(5)), Links.veth(NewLink.named("p1").portOf(5),
                NewLink.named("e1"), null), Links.veth(NewLink.named("p2"), NewLink.named("e2"), null));
        LinkRef lan = box.ref("lan");

        box.make(Links.join(box.ref("p2"), lan));
        assertThat(shown("p1")).containsEntry("master", "lan");
        assertThat(shown("p2")).containsEntry("master", "lan");

        box.make(Links.leave(box.ref("p1")));
        assertThat(shown("p1")).doesNotContainKey("master");
    }

    @ParameterizedTest
    @EnumSource(MacvlanMode.class)
    void aMacvlanHasItsMode(MacvlanMode mode) throws Exception {
        box.make(Links.veth(NewLink.named("a").at(5), NewLink.named("b").at(6), null),
                Links.macvlan(NewLink.named("m"), new LinkRef(5, "a"), mode));

        assertThat(kindData(shown("m"))).asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("mode", mode.name().toLowerCase(java.util.Locale.ROOT));
        assertThat(shown("m")).containsEntry("link", "a");
    }

    @Test
    void anInterfaceOfAModuleIsMadeOrTheModuleNamed() throws Exception {
        try {
            box.make(Links.dummy(NewLink.named("d")));
            assertThat(Json.at(Json.at(shown("d"), "linkinfo"), "info_kind")).isEqualTo("dummy");
        } catch (NamespaceException e) {
            assertThat(e.detail()).startsWith("d (");
            assertThat(e.remedy().orElseThrow()).contains("module dummy");
        }
    }

    @Test
    void anInterfaceIsBroughtUpAndTakenDown() throws Exception {
        box.make(Links.bridge(NewLink.named("a").down()));
        assertThat(flags("a")).doesNotContain("UP");

        box.make(Links.up(box.ref("a")));
        assertThat(flags("a")).contains("UP");

        box.make(Links.down(box.ref("a")), Links.down(LinkRef.LOOPBACK));
        assertThat(flags("a")).doesNotContain("UP");
        assertThat(flags("lo")).doesNotContain("UP");
    }

    @Test
    void sizeHardwareAddressAndNameCanBeChanged() throws Exception {
        box.make(Links.bridge(NewLink.named("a").down()));
        LinkRef a = box.ref("a");

        box.make(Links.mtu(a, 1234), Links.mac(a, MacAddress.of("02:00:00:00:00:0a")),
                Links.rename(a, "fifteen-letters"));

        assertThat(shown("fifteen-letters")).containsEntry("mtu", 1234L).containsEntry("address", "02:00:00:00:00:0a")
                .containsEntry("ifindex", (long) a.index());
    }

    @Test
    void anInterfaceMayBeKnownByItsNameAlone() throws Exception {
        box.make(Links.bridge(NewLink.named("a").down()));
        LinkRef a = LinkRef.named("a");

        box.make(Links.up(a), Links.mtu(a, 1234));
        assertThat(shown("a")).containsEntry("mtu", 1234L);
        assertThat(flags("a")).contains("UP");

        assertThatIllegalArgumentException().isThrownBy(() -> Links.rename(a, "b"))
                .withMessage("to be given another name, an interface is named by its number: a");
        assertThatIllegalArgumentException().isThrownBy(() -> Links.move(a, box.place(), "b"));
        assertThatIllegalArgumentException().isThrownBy(() -> LinkRef.named("a/b"));

        box.make(Links.delete(a));
        assertThat(box.ip("link")).hasSize(1);
    }

    @Test
    void anInterfaceMovesToAnotherNamespaceAndIsGivenANameThere() throws Exception {
        NetBox other = box.another();
        box.make(Links.veth(NewLink.named("a"), NewLink.named("b"), null));

        box.make(Links.move(box.ref("b"), other.place(), "eth0"));

        assertThat(other.ip("link")).extracting(link -> link.get("ifname")).containsExactly("lo", "eth0");
        Link left = box.link("a");
        assertThat(left.lower()).hasValue(other.link("eth0").index());
        assertThat(left.lowerNamespace()).isPresent();
    }

    @Test
    void withOneEndOfAPairTheOtherIsDeleted() throws Exception {
        box.make(Links.veth(NewLink.named("a"), NewLink.named("b"), null));

        box.make(Links.delete(box.ref("a")));

        assertThat(box.ip("link")).extracting(link -> link.get("ifname")).containsExactly("lo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a b", "a:b", "veth%d", "a\nb", "a\0", "a-name-of-16-byt",
            "üüüüüüüü"})
    void aNameThatNoInterfaceCanHaveIsRefusedAtOnce(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> NewLink.named(name))
                .withMessageContaining("the name of an interface must");
        assertThatIllegalArgumentException().isThrownBy(() -> Links.rename(LinkRef.LOOPBACK, name));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Links.move(LinkRef.LOOPBACK, Place.ofProcess(1), name));
    }

    @Test
    void numbersAreChosenForBothEndsOfAPairOrForNone() throws Exception {
        NewLink a = NewLink.named("a");
        NewLink b = NewLink.named("b");
        assertThatIllegalArgumentException().isThrownBy(() -> Links.veth(a.at(2), b, null));
        assertThatIllegalArgumentException().isThrownBy(() -> Links.veth(a, b.at(3), null));
        assertThatIllegalArgumentException().isThrownBy(() -> Links.veth(a, b.at(3), Place.ofProcess(1)));
        NetBox other = box.another();

        box.make(Links.veth(a.at(44), b, other.place()));

        assertThat(box.link("a").index()).isEqualTo(44);
        assertThat(other.link("b").index()).isEqualTo(2);
    }

    @Test
    void valuesThatNoInterfaceCanHaveAreRefusedAtOnce() {
        NewLink a = NewLink.named("a");
        assertThatIllegalArgumentException().isThrownBy(() -> a.at(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> a.with(-1, null));
        assertThatIllegalArgumentException().isThrownBy(() -> a.with(0, MacAddress.of("01:00:00:00:00:00")));
        assertThatIllegalArgumentException().isThrownBy(() -> a.with(0, MacAddress.of("00:00:00:00:00:00")));
    }
}
