package snippets;

import dev.namespaces.Command;
import dev.namespaces.Result;
import dev.namespaces.Spawner;
import dev.namespaces.Stdio;
import java.time.Duration;

/** A judge that does not care where its boxes come from. */
class Judge {

    // @start region="judge"
    static String judge(Spawner box, String submission, byte[] input, String expected) throws Exception {
        Result result = box.run(Command.of(submission).emptyEnvironment().stdin(Stdio.bytes(input))
                .timeout(Duration.ofSeconds(2)).outputLimit(1 << 16));
        if (result.timedOut()) {
            return "TIME";
        }
        if (result.truncated()) {
            return "OUTPUT";
        }
        if (result.signal().isPresent()) {
            return "CRASH " + result.signal().getAsInt();
        }
        return result.stdout().equals(expected) ? "OK" : "WRONG";
    }
    // @end
}
