package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.namespaces.ffm.linux.Native;
import dev.namespaces.spi.CommandSpec;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An environment as it is handed to a command: the strings one behind the other, each ending with NUL.
 *
 * <p>
 * The JVM's own is taken from the C library byte for byte, once: {@link System#getenv()} has decoded it, and what is not text in the JVM's
 * encoding would not come out as it went in.
 */
final class Environment {

    /** Where programs are looked for when there is no PATH, as execvp(3) does. */
    private static final byte[] DEFAULT_PATH = "/bin:/usr/bin".getBytes(UTF_8);
    private static final List<byte[]> INHERITED_VARIABLES = inheritedVariables();
    private static final Environment INHERITED = of(INHERITED_VARIABLES);

    final byte[] block;
    final int[] offsets;
    /** The directories in which programs are looked for. */
    final byte[][] path;

    private Environment(byte[] block, int[] offsets, byte[][] path) {
        this.block = block;
        this.offsets = offsets;
        this.path = path;
    }

    static Environment of(CommandSpec command) {
        if (command.environment().isEmpty()) {
            return command.inheritEnvironment() ? INHERITED : of(new ArrayList<>());
        }
        Map<String, byte[]> variables = new LinkedHashMap<>();
        List<byte[]> others = new ArrayList<>();
        if (command.inheritEnvironment()) {
            for (byte[] variable : INHERITED_VARIABLES) {
                String name = name(variable);
                if (name == null || variables.putIfAbsent(name, variable) != null) {
                    others.add(variable);
                }
            }
        }
        for (Map.Entry<String, Optional<String>> change : command.environment().entrySet()) {
            String name = change.getKey();
            others.removeIf(variable -> name.equals(name(variable)));
            if (change.getValue().isEmpty()) {
                variables.remove(name);
            } else {
                variables.put(name, (name + '=' + change.getValue().get()).getBytes(UTF_8));
            }
        }
        others.addAll(variables.values());
        return of(others);
    }

    private static @Nullable String name(byte[] variable) {
        String text = new String(variable, UTF_8);
        int equals = text.indexOf('=');
        return equals <= 0 ? null : text.substring(0, equals);
    }

    private static Environment of(List<byte[]> variables) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        int[] offsets = new int[variables.size()];
        byte[] path = null;
        for (int i = 0; i < offsets.length; i++) {
            byte[] variable = variables.get(i);
            offsets[i] = block.size();
            block.writeBytes(variable);
            block.write(0);
            if (path == null && "PATH".equals(name(variable))) {
                path = Arrays.copyOfRange(variable, "PATH=".length(), variable.length);
            }
        }
        return new Environment(block.toByteArray(), offsets, folders(path == null ? DEFAULT_PATH : path));
    }

    private static byte[][] folders(byte[] path) {
        List<byte[]> folders = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= path.length; i++) {
            if (i == path.length || path[i] == ':') {
                folders.add(Arrays.copyOfRange(path, start, i));
                start = i + 1;
            }
        }
        return folders.toArray(byte[][]::new);
    }

    /** The directories in which programs are looked for, as PATH has them. */
    String pathText() {
        return Arrays.stream(path).map(folder -> new String(folder, UTF_8)).collect(Collectors.joining(":"));
    }

    private static List<byte[]> inheritedVariables() {
        List<byte[]> variables = new ArrayList<>();
        Long environment = Native.environment();
        if (environment == null || environment == 0) {
            System.getenv().forEach((name, value) -> variables.add((name + '=' + value).getBytes(UTF_8)));
            return variables;
        }
        MemorySegment memory = Native.memory();
        for (long at = environment;; at += Long.BYTES) {
            long string = Buffers.values(memory.asSlice(at, Long.BYTES)).getLong(0);
            if (string == 0) {
                return variables;
            }
            variables.add(memory.getString(string, ISO_8859_1).getBytes(ISO_8859_1)); // each character a byte
        }
    }
}
