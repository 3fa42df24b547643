package dev.namespaces.ffm.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The C compiler of an architecture, asked for the values of constant expressions. They are read from the object file, so nothing has to be
 * run, and a cross compiler will do.
 */
public final class CCompiler {

    private static final String SECTION = ".answers";

    private final Path compiler;
    private final Path objcopy;

    /** Finds the compiler, or skips the test. */
    public CCompiler(Abi abi) {
        compiler = Tool.find("cc", abi);
        objcopy = Tool.find("objcopy", abi);
    }

    /**
     * The values of expressions.
     *
     * @param directory for temporary files
     * @param preamble what the expressions need, such as the headers
     * @param expressions by any name
     * @return the values by the same name
     */
    public Map<String, Long> values(Path directory, String preamble, Map<String, String> expressions)
            throws IOException {
        StringBuilder source = new StringBuilder("#define _GNU_SOURCE\n").append(preamble)
                .append("\nlong long answers[] __attribute__((section(\"" + SECTION + "\"))) = {\n");
        expressions.forEach((name, expression) -> source.append("    (long long) (").append(expression)
                .append("), // ").append(name).append('\n'));
        Path file = Files.writeString(directory.resolve("answers.c"), source.append("};\n"));
        Path object = directory.resolve("answers.o");
        Path binary = directory.resolve("answers.bin");
        Tool.run(compiler, "-w", "-c", "-o", object, file);
        Tool.run(objcopy, "-O", "binary", "-j", SECTION, object, binary);

        ByteBuffer answers = ByteBuffer.wrap(Files.readAllBytes(binary)).order(ByteOrder.LITTLE_ENDIAN);
        Map<String, Long> values = new TreeMap<>();
        expressions.keySet().forEach(name -> values.put(name, answers.getLong()));
        return values;
    }
}
