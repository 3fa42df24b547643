package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import dev.namespaces.IpPrefix;
import dev.namespaces.MacAddress;
import dev.namespaces.MacvlanMode;
import dev.namespaces.spi.IpText;
import dev.namespaces.spi.RouteSpec;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A million datagrams that the kernel might have sent, if it were mad. */
@ExtendWith(LeavesNothingBehind.class)
@Tag("slow-under-emulation")
class FuzzTest {

    private static final int MESSAGES = 1_000_000;
    private static final long SEED = Long.getLong("fuzz.seed", 20_260_606);
    /** What a datagram may cost for each of its bytes: a message of sixteen bytes may become a record, a list of positions and an exception. */
    private static final int MOST_BYTES_FOR_EACH = 200;
    private static final int MOST_BYTES_FOR_ALL = 4096;

    private static final List<NetlinkSocket.Reader<?>> READERS = List.of(reader(Links::read),
            reader(Addresses::read), reader(Routes::read), reader(Neighbours::read));

    private static <T> NetlinkSocket.Reader<T> reader(NetlinkSocket.Reader<T> reader) {
        return reader;
    }

    private final Random random = new Random(SEED);
    private long wellFormed;
    private long malformed;

    @Test
    void nothingComesOfMutatedMessagesButWhatIsDocumented() throws Exception {
        List<byte[]> originals = originals();
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory
                .getThreadMXBean();
        for (int i = 0; i < MOST_BYTES_FOR_ALL; i++) { // loads what there is to load
            for (NetlinkSocket.Reader<?> reader : READERS) {
                decode(ByteBuffer.wrap(mutated(originals.get(i % originals.size()))).order(ByteOrder.nativeOrder()),
                        reader);
            }
        }
        for (int i = 0; i < MESSAGES; i++) {
            byte[] mutated = mutated(originals.get(random.nextInt(originals.size())));
            ByteBuffer datagram = ByteBuffer.wrap(mutated).order(ByteOrder.nativeOrder());
            NetlinkSocket.Reader<?> reader = READERS.get(random.nextInt(READERS.size()));
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                decode(datagram, reader);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + SEED + ", message " + i + ": " + Arrays.toString(mutated), e);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            if (allocated > MOST_BYTES_FOR_ALL + (long) MOST_BYTES_FOR_EACH * mutated.length) {
                throw new AssertionError("seed " + SEED + ", message " + i + ": " + allocated + " bytes allocated for "
                        + Arrays.toString(mutated));
            }
        }
        assertThat(wellFormed).as("well-formed, seed %d", SEED).isGreaterThan(MESSAGES / 20);
        assertThat(malformed).as("malformed, seed %d", SEED).isGreaterThan(MESSAGES / 20);
    }

    /** As {@link NetlinkSocket} does, whatever the types and sequence numbers are. */
    private <T> void decode(ByteBuffer datagram, NetlinkSocket.Reader<T> reader) {
        int rounds = 0;
        try {
            for (Message message = Message.first(datagram); message != null; message = message.next()) {
                rounds++;
                if (message.type() == Rtnetlink.NLMSG_ERROR || message.type() == Rtnetlink.NLMSG_DONE) {
                    Answer.of(message);
                } else {
                    reader.read(message, _ -> {});
                }
            }
            wellFormed++;
        } catch (MalformedMessageException e) {
            malformed++;
        }
        if (rounds > datagram.limit() / 16) {
            throw new AssertionError(rounds + " messages in " + datagram.limit() + " bytes");
        }
    }

    private byte[] mutated(byte[] original) {
        byte[] bytes = Arrays.copyOf(original, random.nextInt(8) == 0 ? random.nextInt(original.length + 1)
                : original.length);
        for (int i = random.nextInt(4); i > 0 && bytes.length > 4; i--) {
            int at = random.nextInt(bytes.length - 3);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes[at & -4] = (byte) (random.nextInt(12) - 4); // likely a length
                case 3 -> Arrays.fill(bytes, at, at + 4, (byte) (random.nextBoolean() ? 0xff : 0));
                default -> System.arraycopy(bytes, random.nextInt(bytes.length - 3) & -4, bytes, at & -4,
                        Math.min(4, bytes.length - (at & -4)));
            }
        }
        return bytes;
    }

    /** What the kernel says of a network that has everything, and answers of all kinds. */
    private static List<byte[]> originals() throws Exception {
        List<byte[]> originals = new ArrayList<>();
        Bytes details = Bytes.attribute(1, new Bytes().text("words").u8(0)).add(Bytes.attribute(2, new Bytes().u32(40)));
        originals.add(Bytes.error(0x300, 1, 22, details).add(Bytes.error(0, 2, 0, new Bytes())).array());
        originals.add(Bytes.message(3, 0x202, 1, new Bytes().u32(-22).add(details)).array());
        try (NetBox box = NetBox.open()) {
            LinkRef a = new LinkRef(2, "a");
            box.make(Links.veth(NewLink.named("a").at(2), NewLink.named("b").at(3), null),
                    Links.up(new LinkRef(3, "b")), Links.bridge(NewLink.named("bridge").at(4)),
                    Links.macvlan(NewLink.named("m").at(5), a, MacvlanMode.PRIVATE),
                    Addresses.add(a, IpPrefix.of("10.9.0.1/24")), Addresses.add(a, IpPrefix.of("fd00::1/64")),
                    Routes.add(RouteSpec.via(IpText.parse("10.9.0.2")), null),
                    Neighbours.add(a, IpText.parse("10.9.0.2"), MacAddress.of("02:00:00:00:00:02")));
            box.says("ip", "route", "add", "10.10.0.0/16", "nexthop", "via", "10.9.0.3", "nexthop", "dev", "b");
            for (int type : List.of(18, 22, 26, 30)) {
                Request request = new Request(type, 0, 16, dev.namespaces.Step.READ_NETWORK, "");
                box.socket().list(request, (message, _) -> {
                    byte[] copy = new byte[message.end() - message.start()];
                    message.datagram().get(message.start(), copy);
                    originals.add(copy);
                });
            }
        }
        return originals;
    }
}
