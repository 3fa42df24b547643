package dev.namespaces.ffm.spawn;

import java.io.IOException;
import java.io.OutputStream;

/** The stream to a child whose standard input is no pipe. */
final class Closed {

    private Closed() {}

    static OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Stream closed");
            }
        };
    }
}
