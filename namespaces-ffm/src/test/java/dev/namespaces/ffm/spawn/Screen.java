package dev.namespaces.ffm.spawn;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Whoever sits at a command's terminal: types, and reads what it shows. */
final class Screen {

    private final InputStream shown;
    private final OutputStream keys;
    private String unread = "";

    Screen(Process process) {
        shown = process.getInputStream();
        keys = process.getOutputStream();
    }

    void type(String text) throws IOException {
        keys.write(text.getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }

    /** Reads until the terminal has shown a text, and returns what came before it. */
    String until(String text) throws IOException {
        byte[] chunk = new byte[1 << 12];
        while (!unread.contains(text)) {
            int n = shown.read(chunk);
            if (n < 0) {
                throw new AssertionError("the end instead of " + text + " after " + unread);
            }
            unread += new String(chunk, 0, n, StandardCharsets.UTF_8);
        }
        int at = unread.indexOf(text);
        String before = unread.substring(0, at);
        unread = unread.substring(at + text.length());
        return before;
    }

    /** Reads until nobody holds the terminal any more. */
    String rest() throws IOException {
        String rest = unread + new String(shown.readAllBytes(), StandardCharsets.UTF_8);
        unread = "";
        return rest;
    }
}
