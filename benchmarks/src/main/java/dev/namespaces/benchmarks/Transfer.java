package dev.namespaces.benchmarks;

import dev.namespaces.OpenNamespace;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A TCP connection from the network of this JVM into another, and how long it takes to send {@value #MEBIBYTES} MiB through it. */
final class Transfer implements Side.Stopwatch, Closeable {

    static final int MEBIBYTES = 64;

    private static final int CHUNK = 1 << 17;
    private static final int CHUNKS = MEBIBYTES * (1 << 20) / CHUNK;

    private final Socket sender;
    private final Socket receiver;
    private final ExecutorService receiving = Executors.newSingleThreadExecutor();

    private Transfer(Socket sender, Socket receiver) {
        this.sender = sender;
        this.receiver = receiver;
    }

    static Transfer into(OpenNamespace network, String address) throws IOException, InterruptedException {
        InetAddress inside = InetAddress.getByName(address);
        try (ServerSocket server = network.call(() -> new ServerSocket(0, 1, inside))) {
            return new Transfer(new Socket(inside, server.getLocalPort()), server.accept());
        }
    }

    @Override
    public long nanos() throws IOException, InterruptedException {
        long start = System.nanoTime();
        Future<Void> received = receiving.submit(this::receive);
        OutputStream output = sender.getOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int i = 0; i < CHUNKS; i++) {
            output.write(chunk);
        }
        try {
            received.get();
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
        return System.nanoTime() - start;
    }

    private Void receive() throws IOException {
        InputStream input = receiver.getInputStream();
        byte[] chunk = new byte[CHUNK];
        for (int i = 0; i < CHUNKS; i++) {
            if (input.readNBytes(chunk, 0, CHUNK) < CHUNK) {
                throw new IOException("the connection ended too early");
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        receiving.close();
        sender.close();
        receiver.close();
    }
}
