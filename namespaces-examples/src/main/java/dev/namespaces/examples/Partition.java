package dev.namespaces.examples;

import dev.namespaces.Network;
import dev.namespaces.Rootless;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A counter that three nodes keep together, each on a host of its own, all in this JVM; what becomes of it when the network falls apart, and when it is whole again.
 *
 * <p>
 * Each node counts by itself, and tells the others again and again what it knows of everybody's count. Of each, the largest number that was heard is right, whatever got lost
 * on the way. {@code ./ns example Partition} prints what each node takes for the sum.
 */
public final class Partition {

    private static final String[] NAMES = {"n1", "n2", "n3"};

    private Partition() {}

    /**
     * Lets the nodes count; as an ordinary user, in a JVM that is root of a user namespace.
     *
     * @param arguments none
     * @throws Exception if there can be no network
     */
    public static void main(String... arguments) throws Exception {
        Rootless.enter();
        try (Network network = Network.builder().hosts(NAMES).switchOf("lan", "10.1.0.0/24", NAMES).open();
                Nodes nodes = Nodes.start(network)) {
            nodes.increment();
            System.out.println("together: " + nodes.sums(3, 3, 3));
            network.partition(Set.of("n1"), Set.of("n2", "n3"));
            nodes.increment();
            System.out.println("n1 apart: " + nodes.sums(4, 5, 5));
            network.heal();
            System.out.println("together: " + nodes.sums(6, 6, 6));
        }
    }

    /** The nodes of a network. */
    private record Nodes(List<Node> all) implements AutoCloseable {

        static Nodes start(Network network) throws Exception {
            Nodes nodes = new Nodes(new ArrayList<>());
            try {
                List<InetAddress> addresses = Arrays.stream(NAMES).map(network::address).toList();
                for (int i = 0; i < NAMES.length; i++) {
                    nodes.all.add(
                            new Node(i, addresses, network.host(NAMES[i]).call(() -> new DatagramSocket(Node.PORT))));
                }
                return nodes;
            } catch (Exception e) {
                nodes.close();
                throw e;
            }
        }

        void increment() {
            all.forEach(Node::increment);
        }

        /** Waits until each node knows its sum. */
        List<Integer> sums(int... expected) throws InterruptedException {
            List<Integer> sums = new ArrayList<>();
            for (int i = 0; i < expected.length; i++) {
                sums.add(all.get(i).await(expected[i]));
            }
            return sums;
        }

        @Override
        public void close() {
            all.forEach(Node::close);
        }
    }

    /** A node, whose socket is in its host's network, and whose thread need not be. */
    private static final class Node implements AutoCloseable {

        static final int PORT = 4242;
        private static final int PAUSE_MILLIS = 20;

        private final int number;
        private final List<InetAddress> everybody;
        private final DatagramSocket socket;
        private final int[] counts = new int[NAMES.length];

        Node(int number, List<InetAddress> everybody, DatagramSocket socket) {
            this.number = number;
            this.everybody = everybody;
            this.socket = socket;
            Thread.ofPlatform().name(NAMES[number]).start(this::talk);
        }

        private void talk() {
            try {
                while (!socket.isClosed()) {
                    tell();
                    listen();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void tell() {
            byte[] message = message();
            for (InetAddress address : everybody) {
                try {
                    socket.send(new DatagramPacket(message, message.length, address, PORT));
                } catch (IOException _) {
                    // nobody is reached there: it will be told again
                }
            }
        }

        private synchronized byte[] message() {
            ByteBuffer message = ByteBuffer.allocate(counts.length * Integer.BYTES);
            message.asIntBuffer().put(counts);
            return message.array();
        }

        /** Until it is time to speak again. */
        private void listen() throws IOException {
            long end = System.nanoTime() + PAUSE_MILLIS * 1_000_000L;
            DatagramPacket packet = new DatagramPacket(new byte[counts.length * Integer.BYTES],
                    counts.length * Integer.BYTES);
            try {
                for (long left = PAUSE_MILLIS; left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                    socket.setSoTimeout((int) left);
                    socket.receive(packet);
                    hear(ByteBuffer.wrap(packet.getData()));
                }
            } catch (SocketTimeoutException _) {
                // nobody has said anything
            } catch (SocketException e) {
                if (!socket.isClosed()) {
                    throw e;
                }
            }
        }

        private synchronized void hear(ByteBuffer message) {
            for (int i = 0; i < counts.length; i++) {
                counts[i] = Math.max(counts[i], message.getInt());
            }
            notifyAll();
        }

        synchronized void increment() {
            counts[number]++;
            notifyAll();
        }

        synchronized int await(int sum) throws InterruptedException {
            while (Arrays.stream(counts).sum() != sum) {
                wait();
            }
            return sum;
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
