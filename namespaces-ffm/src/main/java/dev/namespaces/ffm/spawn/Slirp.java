package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.namespaces.spi.OutboundSpec.Forward;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How slirp4netns(1) is told what to do: by its command line, and which ports lead inside by a socket, in a directory that nobody else may enter. It writes a digit, to its
 * output here, once the interface is there.
 */
final class Slirp implements AutoCloseable {

    static final String NAME = "slirp4netns";
    private static final int LONGEST_ANSWER = 4096;

    private final Path directory;

    Slirp() throws IOException {
        directory = Files.createTempDirectory("namespaces");
    }

    private Path socket() {
        return directory.resolve("socket");
    }

    /** With a system call filter; started by root with a file system of its own too, and no capability that it does not need. */
    List<String> command(Path program, int pid, boolean ownUser) {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--configure", "--ready-fd=1",
                "--disable-host-loopback", "--enable-seccomp", "--api-socket=" + socket(),
                "--netns-type=path"));
        if (Ids.current().user() == 0) { // anybody else's version 1.2 fails at it; that one is in no namespace that the command has rights over
            command.add("--enable-sandbox");
        }
        if (ownUser) {
            command.add("--userns-path=" + Outbound.user(pid));
        }
        command.addAll(List.of(Outbound.NETWORK, "tap0"));
        return command;
    }

    /** Lets a port of TCP lead inside. One of UDP could not be answered: it keeps everything from the host's loopback interface. */
    void publish(Forward forward) throws IOException {
        String request = "{\"execute\":\"add_hostfwd\",\"arguments\":{\"proto\":\"tcp\",\"host_addr\":\"127.0.0.1\",\"host_port\":"
                + forward.from()
                + ",\"guest_addr\":\"10.0.2.100\",\"guest_port\":" + forward.to() + "}}";
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket()));
            ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.shutdownOutput();
            ByteBuffer answer = ByteBuffer.allocate(LONGEST_ANSWER);
            while (channel.read(answer) > 0) {
                // it ends with the connection
            }
            String text = new String(answer.array(), 0, answer.position(), US_ASCII);
            if (!text.contains("\"return\"")) {
                throw new IOException("port " + forward.from() + " of the host: " + text.strip());
            }
        }
    }

    /** Takes the socket away, which the program listens on no longer than it is needed. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(socket());
        Files.deleteIfExists(directory);
    }
}
