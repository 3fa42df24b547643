package dev.namespaces.ffm.net;

import static dev.namespaces.ffm.net.Bytes.attribute;
import static dev.namespaces.ffm.net.Bytes.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.namespaces.Address;
import dev.namespaces.Impairment;
import dev.namespaces.IpPrefix;
import dev.namespaces.Link;
import dev.namespaces.MacAddress;
import dev.namespaces.Neighbour;
import dev.namespaces.RateLimit;
import dev.namespaces.Route;
import dev.namespaces.Scope;
import dev.namespaces.Step;
import dev.namespaces.spi.IpText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages as they are written, and as they are read, beside bytes that were put together by hand. */
class CodecTest {

    private static final LinkRef ETH = new LinkRef(7, "eth0");

    private static byte[] written(Request request) {
        ByteBuffer datagram = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());
        request.appendTo(datagram, 9, 4);
        return Arrays.copyOf(datagram.array(), datagram.position());
    }

    private static Message only(Bytes bytes) throws MalformedMessageException {
        return Objects.requireNonNull(Message.first(bytes.buffer()));
    }

    private static <T> List<T> read(NetlinkSocket.Reader<T> reader, Bytes bytes) throws MalformedMessageException {
        List<T> found = new ArrayList<>();
        for (Message message = Message.first(bytes.buffer()); message != null; message = message.next()) {
            reader.read(message, found::add);
        }
        return found;
    }

    // ---- writing

    @Test
    void aRequestIsAHeaderAStructureAndAttributesEachAligned() {
        byte[] written = written(new Request(16, 0x600, 16, Step.ADD_LINK, "x").field32(4, 7)
                .text(Attribute.IFLA_IFNAME, "abc12").u32(Attribute.IFLA_MTU, 1400));

        assertThat(written).isEqualTo(new Bytes().u32(52).u16(16).u16(0x600 | 1 | 4).u32(9).u32(0)
                .u32(0, 7, 0, 0).add(attribute(3, new Bytes().text("abc12").u8(0)))
                .add(attribute(4, new Bytes().u32(1400))).array());
    }

    @Test
    void attributesInsideOthersAreFlaggedAndCountedInTheirLength() {
        byte[] written = written(Links.veth(NewLink.named("a").at(5).with(1300, MacAddress.of("02:00:00:00:00:01")),
                NewLink.named("b").at(6), Place.ofDescriptor(33)));

        Bytes peer = new Bytes().u32(0, 6, 0, 1).add(attribute(3, new Bytes().text("b").u8(0)))
                .add(attribute(28, new Bytes().u32(33)));
        Bytes info = attribute(1, new Bytes().text("veth").u8(0))
                .add(attribute(0x8000 | 2, attribute(0x8000 | 1, peer)));
        Bytes all = new Bytes().u32(0, 5, 1, 1).add(attribute(3, new Bytes().text("a").u8(0)))
                .add(attribute(4, new Bytes().u32(1300))).add(attribute(1, new Bytes().u8(2, 0, 0, 0, 0, 1)))
                .add(attribute(0x8000 | 18, info));
        assertThat(written).isEqualTo(message(16, 0x605 | 0x200, 9, all).array())
                .hasSizeLessThan(256);
    }

    @Test
    void aRequestThatIsLongerThanUsualGrows() {
        Request request = new Request(16, 0, 16, Step.ADD_LINK, "x");
        Bytes expected = new Bytes().u32(0, 0, 0, 0);
        for (int i = 0; i < 100; i++) {
            request.u32(Attribute.IFLA_MTU, i);
            expected.add(attribute(4, new Bytes().u32(i)));
        }
        request.u64(Attribute.TCA_NETEM_RATE64, -2);

        assertThat(written(request))
                .isEqualTo(message(16, 5, 9, expected.add(attribute(8, new Bytes().u64(-2)))).array());
        assertThat(request.attributeAt(0)).isNull();
        assertThat(request.attributeAt(32)).isEqualTo(Attribute.IFLA_MTU);
        assertThat(request.attributeAt(32 + 100 * 8)).isEqualTo(Attribute.TCA_NETEM_RATE64);
        assertThat(request.attributeAt(32 + 100 * 8 + 12)).isNull();
    }

    @Test
    void contentThatNoAttributeCanHoldIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Request(16, 0, 16, Step.ADD_LINK, "detail")
                .bytes(Attribute.IFLA_ADDRESS, new byte[65_532])).withMessageContaining("65536 bytes (detail)");
        assertThat(new Request(16, 0, 16, Step.ADD_LINK, "").bytes(Attribute.IFLA_ADDRESS, new byte[65_531]).length())
                .isEqualTo(32 + 65_536);
    }

    @Test
    void anImpairmentIsAStructureWithAttributesBehindIt() {
        Impairment impairment = Impairment.NONE.delay(Duration.ofMillis(20)).jitter(Duration.ofNanos(5)).loss(0.5)
                .reorder(0.25).bitsPerSecond(8_000).limit(99);

        Bytes options = new Bytes().u32(0, 99, 0x8000_0000, 1, 0, 0).add(attribute(10, new Bytes().u64(20_000_000)))
                .add(attribute(11, new Bytes().u64(5))).add(attribute(3, new Bytes().u32(0x4000_0000, 0)))
                .add(attribute(6, new Bytes().u32(1000, 0, 0, 0)));
        Bytes all = new Bytes().u32(0, 7, 0, -1, 0).add(attribute(1, new Bytes().text("netem").u8(0)))
                .add(attribute(0x8000 | 2, options));
        assertThat(written(Qdiscs.impair(ETH, impairment))).isEqualTo(message(36, 0x505, 9, all).array());
    }

    @Test
    void anImpairmentThatIsNoneTakesBackWhatWasBefore() {
        Bytes options = new Bytes().u32(0, 1000, 0, 0, 0, 0).add(attribute(10, new Bytes().u64(0)))
                .add(attribute(11, new Bytes().u64(0))).add(attribute(3, new Bytes().u32(0, 0)))
                .add(attribute(6, new Bytes().u32(0, 0, 0, 0)));
        assertThat(written(Qdiscs.impair(ETH, Impairment.NONE))).endsWith(attribute(0x8000 | 2, options).array());
    }

    @Test
    void aRateThat32BitsCannotHoldIsToldInAnAttributeOfItsOwn() {
        long bytes = 5_000_000_000L;
        RateLimit limit = new RateLimit(8 * bytes, 3000, 9000);

        Bytes parameters = new Bytes().u8(0, 1).u16(0).u32(0, -1).u32(0, 0, 0).u32(9000, 0, 0);
        Bytes options = attribute(1, parameters).add(attribute(6, new Bytes().u32(3000)))
                .add(attribute(4, new Bytes().u64(bytes)));
        Bytes all = new Bytes().u32(0, 7, 0, -1, 0).add(attribute(1, new Bytes().text("tbf").u8(0)))
                .add(attribute(0x8000 | 2, options));
        assertThat(written(Qdiscs.limit(ETH, limit))).isEqualTo(message(36, 0x505, 9, all).array());
        assertThat(written(Qdiscs.impair(ETH, Impairment.NONE.bitsPerSecond(8 * bytes))))
                .endsWith(attribute(6, new Bytes().u32(-1, 0, 0, 0)).add(attribute(8, new Bytes().u64(bytes))).array());
    }

    // ---- reading

    @Test
    void unknownAttributesAndMessagesOfOtherFamiliesArePassedOver() throws Exception {
        Bytes link = message(16, 2, 1, new Bytes().u32(0, 5, 0x1003, 0)
                .add(attribute(999, new Bytes().text("what is this"))).add(attribute(63, new Bytes()))
                .add(attribute(0x4000 | 3, new Bytes().text("eth0").u8(0))).add(attribute(4, new Bytes().u32(1500)))
                .add(attribute(1, new Bytes().u8(2, 0, 0, 0, 0, 9))).add(attribute(16, new Bytes().u8(6))));
        Bytes infiniband = message(16, 2, 1,
                new Bytes().u32(0, 6, 0, 0).add(attribute(1, new Bytes().u32(1, 2, 3, 4, 5)))
                        .add(attribute(16, new Bytes().u8(77))));

        assertThat(read(Links::read, link.add(infiniband))).containsExactly(
                new Link(5, "eth0", "", java.util.Set.of(Link.Flag.UP, Link.Flag.BROADCAST, Link.Flag.MULTICAST),
                        Link.State.UP, 1500, Optional.of(MacAddress.of("02:00:00:00:00:09")), "", 0,
                        OptionalInt.empty(),
                        OptionalInt.empty(), OptionalInt.empty()),
                new Link(6, "", "", java.util.Set.of(), Link.State.UNKNOWN, 0, Optional.empty(), "", 0,
                        OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty()));
        assertThat(read(Addresses::read, message(20, 2, 1, new Bytes().u8(28, 0, 0, 0).u32(1)
                .add(attribute(1, new Bytes().u32(1)))))).isEmpty();
        assertThat(read(Routes::read, message(24, 2, 1, new Bytes().u8(128, 0, 0, 0).u32(0, 0)))).isEmpty();
        assertThat(read(Neighbours::read, message(28, 2, 1, new Bytes().u32(7, 1, 0)))).isEmpty();
    }

    @Test
    void anAddressMayHaveAPeerAndAnEnd() throws Exception {
        Bytes address = message(20, 2, 1, new Bytes().u8(2, 24, 0x80, 253).u32(3)
                .add(attribute(1, new Bytes().u8(10, 0, 0, 2))).add(attribute(2, new Bytes().u8(10, 0, 0, 1)))
                .add(attribute(6, new Bytes().u32(60, -1, 0, 0))).add(attribute(8, new Bytes().u32(0x220))));

        assertThat(read(Addresses::read, address)).containsExactly(new Address(3, IpPrefix.of("10.0.0.1/24"),
                Optional.of(IpText.parse("10.0.0.2")), Optional.empty(), Scope.LINK, "",
                java.util.Set.of(Address.Flag.DEPRECATED, Address.Flag.NOPREFIXROUTE), Optional.empty(),
                Optional.of(Duration.ofSeconds(60))));
    }

    @Test
    void aRouteOverSeveralHopsIsOneForEach() throws Exception {
        Bytes hops = new Bytes().u16(16).u8(0, 0).u32(3).add(attribute(5, new Bytes().u8(10, 0, 0, 9)))
                .u16(8).u8(16, 0).u32(4);
        Bytes route = message(24, 2, 1, new Bytes().u8(2, 8, 0, 0, 0, 4, 253, 1).u32(0)
                .add(attribute(1, new Bytes().u8(10, 0, 0, 0))).add(attribute(15, new Bytes().u32(70_000)))
                .add(attribute(6, new Bytes().u32(-1))).add(attribute(0x8000 | 9, hops)));

        assertThat(read(Routes::read, route)).containsExactly(
                new Route(IpPrefix.of("10.0.0.0/8"), Route.Type.UNICAST, Optional.of(IpText.parse("10.0.0.9")),
                        OptionalInt.of(3), Optional.empty(), 0xffff_ffffL, OptionalInt.empty(), Scope.LINK, 4, 70_000,
                        java.util.Set.of()),
                new Route(IpPrefix.of("10.0.0.0/8"), Route.Type.UNICAST, Optional.empty(), OptionalInt.of(4),
                        Optional.empty(), 0xffff_ffffL, OptionalInt.empty(), Scope.LINK, 4, 70_000,
                        java.util.Set.of(Route.Flag.LINKDOWN)));
    }

    @Test
    void aRouteThatWasClonedFromAnotherIsNone() throws Exception {
        assertThat(read(Routes::read, message(24, 2, 1, new Bytes().u8(10, 0, 0, 0, 0, 0, 0, 1).u32(0x200)))).isEmpty();
        assertThat(read(Routes::read, message(24, 2, 1, new Bytes().u8(10, 0, 0, 0, 0, 0, 0, 200).u32(0))))
                .singleElement().satisfies(route -> {
                    assertThat(route.type()).isEqualTo(Route.Type.UNSPECIFIED);
                    assertThat(route.destination()).isEqualTo(IpPrefix.ALL_IP6);
                });
    }

    @Test
    void aNeighbourMayBeWithoutAnAddressOfItsHardware() throws Exception {
        assertThat(read(Neighbours::read,
                message(28, 2, 1, new Bytes().u32(10, 4).u16(0x20).u16(0)
                        .add(attribute(1, new Bytes().u32(0, 0, 0).u8(0, 0, 0, 1))))))
                .containsExactly(new Neighbour(4, IpText.parse("::1"), Optional.empty(), Neighbour.State.FAILED));
    }

    @Test
    void messagesBehindOneAnotherAreAligned() throws Exception {
        Message first = only(message(3, 2, 5, new Bytes().u8(1)).add(message(16, 2, 6, new Bytes())));

        assertThat(first.type()).isEqualTo(3);
        Message second = Objects.requireNonNull(first.next());
        assertThat(second.sequence()).isEqualTo(6);
        assertThat(second.next()).isNull();
        assertThat(Message.first(ByteBuffer.allocate(0))).isNull();
    }

    // ---- what is wrong

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 17, 0x7fff_ffff, 0x8000_0000, -1})
    void aMessageWhoseLengthIsWrongIsMalformed(int length) {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> only(new Bytes().u32(length, 0, 0, 0)))
                .withMessageContaining(Integer.toUnsignedString(length) + " bytes where there are 16");
    }

    @Test
    void aRemnantIsMalformed() {
        Bytes datagram = message(3, 0, 0, new Bytes()).u32(0);
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> only(datagram).next())
                .withMessage("4 bytes are no message");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 9, 0xffff})
    void anAttributeWhoseLengthIsWrongIsMalformed(int length) {
        Bytes bytes = message(16, 0, 0, new Bytes().u32(0, 0, 0, 0).u16(length).u16(4).u32(1500));
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> read(Links::read, bytes))
                .withMessage("an attribute of " + length + " bytes where there are 8");
    }

    @Test
    void aStructureThatIsCutOffIsMalformed() {
        for (int length = 0; length < 16; length++) {
            Bytes bytes = message(16, 0, 0, new Bytes().u8(new int[length]));
            assertThatExceptionOfType(MalformedMessageException.class).as("%d", length)
                    .isThrownBy(() -> read(Links::read, bytes));
        }
    }

    @Test
    void contentOfTheWrongLengthIsMalformed() {
        assertMalformed(Links::read, new Bytes().u32(0, 0, 0, 0).add(attribute(4, new Bytes().u16(1))),
                "IFLA_MTU has 2 bytes instead of 4");
        assertMalformed(Addresses::read, new Bytes().u8(2, 0, 0, 0).u32(0).add(attribute(1, new Bytes().u8(1, 2, 3))),
                "IFA_ADDRESS is an address of 3 bytes");
        assertMalformed(Addresses::read, new Bytes().u8(2, 33, 0, 0).u32(0).add(attribute(1, new Bytes().u32(0))),
                "a prefix of 33 bits");
        assertMalformed(Addresses::read, new Bytes().u8(2, 0, 0, 0).u32(0).add(attribute(1, new Bytes().u32(0)))
                .add(attribute(6, new Bytes().u32(0))), "IFA_CACHEINFO has 4 bytes instead of 8");
        assertMalformed(Routes::read, new Bytes().u8(2, 0, 0, 0).u32(0, 0).add(attribute(18, new Bytes().u8(1))),
                "RTA_VIA has 1 bytes instead of");
        assertMalformed(Routes::read, new Bytes().u8(2, 0, 0, 0).u32(0, 0)
                .add(attribute(9, new Bytes().u16(9).u8(0, 0).u32(1))), "a next hop of 9 bytes where there are 8");
        assertMalformed(Routes::read, new Bytes().u8(2, 0, 0, 0).u32(0, 0)
                .add(attribute(9, new Bytes().u32(1))), "a next hop of 0 bytes where there are 4");
    }

    private static <T> void assertMalformed(NetlinkSocket.Reader<T> reader, Bytes content, String message) {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> read(reader, message(16, 0, 0, content))).withMessageContaining(message);
    }
}
