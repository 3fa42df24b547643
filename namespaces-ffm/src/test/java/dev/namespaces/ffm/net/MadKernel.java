package dev.namespaces.ffm.net;

import dev.namespaces.IpPrefix;
import dev.namespaces.MacAddress;
import dev.namespaces.MacvlanMode;
import dev.namespaces.Step;
import dev.namespaces.spi.IpText;
import dev.namespaces.spi.RouteSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Datagrams that a kernel might send if it were mad: what the real one has sent, mutated, the same for the same seed. */
final class MadKernel {

    static final long SEED = Long.getLong("fuzz.seed", 20_260_606);

    private static final List<NetlinkSocket.Reader<?>> READERS = List.of(reader(Links::read),
            reader(Addresses::read), reader(Routes::read), reader(Neighbours::read));

    private final Random random = new Random(SEED);
    private final List<byte[]> originals;

    MadKernel() throws Exception {
        originals = originals();
    }

    private static <T> NetlinkSocket.Reader<T> reader(NetlinkSocket.Reader<T> reader) {
        return reader;
    }

    /** Any of the readers, as a mad kernel does not care for what it was asked. */
    NetlinkSocket.Reader<?> reader() {
        return READERS.get(random.nextInt(READERS.size()));
    }

    byte[] datagram() {
        byte[] original = originals.get(random.nextInt(originals.size()));
        boolean shorter = random.nextInt(8) == 0;
        byte[] bytes = Arrays.copyOf(original, shorter ? random.nextInt(original.length + 1) : original.length);
        for (int i = random.nextInt(4); i > 0 && bytes.length >= 4; i--) {
            int at = random.nextInt(bytes.length - 3);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes[at & -4] = (byte) (random.nextInt(12) - 4); // likely a length
                case 3 -> Arrays.fill(bytes, at, at + 4, (byte) (random.nextBoolean() ? 0xff : 0));
                default -> System.arraycopy(bytes, random.nextInt(bytes.length - 3) & -4, bytes, at & -4, 4);
            }
        }
        return bytes;
    }

    /**
     * Reads all messages as {@link NetlinkSocket} does, whatever their sequence numbers.
     *
     * @return whether they were well-formed
     */
    static <T> boolean read(byte[] bytes, NetlinkSocket.Reader<T> reader) {
        ByteBuffer datagram = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        int rounds = 0;
        try {
            for (Message message = Message.first(datagram); message != null; message = message.next()) {
                if (++rounds > bytes.length / NetStruct.Nlmsghdr.SIZE) {
                    throw new AssertionError(rounds + " messages in " + bytes.length + " bytes");
                }
                if (message.type() == Rtnetlink.NLMSG_ERROR || message.type() == Rtnetlink.NLMSG_DONE) {
                    Answer.of(message);
                } else {
                    reader.read(message, _ -> {});
                }
            }
            return true;
        } catch (MalformedMessageException _) {
            return false;
        }
    }

    /** What the kernel says of a network that has everything, and answers of all kinds. */
    private static List<byte[]> originals() throws Exception {
        List<byte[]> originals = new ArrayList<>();
        Bytes details = Bytes.attribute(1, new Bytes().text("words").u8(0))
                .add(Bytes.attribute(2, new Bytes().u32(40)));
        originals.add(Bytes.error(0x300, 1, 22, details).add(Bytes.error(0, 2, 0, new Bytes())).array());
        originals.add(Bytes.message(3, 0x202, 1, new Bytes().u32(-22).add(details)).array());
        try (NetBox box = NetBox.open()) {
            fill(box);
            for (int type : List.of(Rtnetlink.RTM_GETLINK, Rtnetlink.RTM_GETADDR, Rtnetlink.RTM_GETROUTE,
                    Rtnetlink.RTM_GETNEIGH)) {
                Request request = new Request(type, 0, NetStruct.Ifinfomsg.SIZE, Step.READ_NETWORK, "");
                originals.addAll(box.socket().list(request, (message, found) -> {
                    byte[] copy = new byte[message.end() - message.start()];
                    message.datagram().get(message.start(), copy);
                    found.accept(copy);
                }));
            }
        }
        return originals;
    }

    private static void fill(NetBox box) throws IOException, InterruptedException {
        LinkRef a = new LinkRef(2, "a");
        LinkRef b = new LinkRef(3, "b");
        box.make(Links.veth(NewLink.named("a").at(2), NewLink.named("b").at(3), null), Links.up(b),
                Links.bridge(NewLink.named("bridge").at(4)),
                Links.macvlan(NewLink.named("m").at(5), a, MacvlanMode.PRIVATE),
                Addresses.add(a, IpPrefix.of("10.9.0.1/24")), Addresses.add(a, IpPrefix.of("fd00::1/64")),
                Routes.add(RouteSpec.via(IpText.parse("10.9.0.2")), null),
                Neighbours.add(a, IpText.parse("10.9.0.2"), MacAddress.of("02:00:00:00:00:02")));
        box.says("ip", "route", "add", "10.10.0.0/16", "nexthop", "via", "10.9.0.3", "nexthop", "dev", "b");
    }
}
