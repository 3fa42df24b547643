package dev.namespaces.benchmarks.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as people read them. */
final class Numbers {

    private static final int DIGITS = 3;

    private Numbers() {}

    /** With three digits that say something; those before the point are never rounded, and no zeros are left at the end. */
    static String of(double number) {
        if (number == 0) {
            return "0";
        }
        int before = (int) Math.floor(Math.log10(Math.abs(number))) + 1;
        return BigDecimal.valueOf(number).setScale(Math.max(0, DIGITS - before), RoundingMode.HALF_EVEN)
                .stripTrailingZeros().toPlainString();
    }

    /** A ratio, always with three digits behind the point. */
    static String ratio(double number) {
        return String.format(Locale.ROOT, "%.3f", number);
    }
}
