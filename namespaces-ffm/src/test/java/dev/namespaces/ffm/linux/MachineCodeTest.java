package dev.namespaces.ffm.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineCodeTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"amd64, x86-64.s", "aarch64, aarch64.s"})
    void theCodeIsWhatTheAssemblerMakesOfItsSource(String architecture, String source) throws IOException {
        Abi abi = Abi.of(architecture).orElseThrow();
        Path object = assembled(abi, source);
        Path code = directory.resolve("code");
        Tool.run(Tool.find("objcopy", abi), "-O", "binary", "-j", ".text", object, code);

        HexFormat hex = HexFormat.of();
        assertThat(hex.formatHex(abi.code().bytes())).isEqualTo(hex.formatHex(Files.readAllBytes(code)));
    }

    @ParameterizedTest
    @CsvSource({"amd64, x86-64.s", "aarch64, aarch64.s"})
    void theEntryPointsAreWhereTheSourceHasThem(String architecture, String source) throws IOException {
        Abi abi = Abi.of(architecture).orElseThrow();
        String symbols = Tool.run(Tool.find("nm", abi), assembled(abi, source));
        Map<String, Integer> offsets = symbols.lines().map(line -> line.split(" "))
                .collect(Collectors.toMap(row -> row[2], row -> Integer.parseInt(row[0], 16)));

        Abi.MachineCode code = abi.code();
        assertThat(offsets).containsEntry("interpreter", code.interpreter())
                .containsEntry("system_call", code.systemCall()).containsEntry("entry", code.entry());
    }

    private Path assembled(Abi abi, String source) throws IOException {
        Path object = directory.resolve("code.o");
        Tool.run(Tool.find("as", abi), "-o", object, Path.of("src", "main", "asm", source));
        return object;
    }
}
