using System.Globalization;

namespace Quincunx.Runs.Reports.Figures;

/// <summary>Where an axis has its marks and how they are labelled.</summary>
/// <param name="Values">Ascending, inside the axis's range.</param>
/// <param name="Labels">One for each value; may be empty text for a mark without a number.</param>
/// <param name="Note">What the labels leave out, a common factor or offset such as <c>×10⁻⁴</c>; else empty.</param>
internal sealed record TickSet(IReadOnlyList<double> Values, IReadOnlyList<string> Labels, string Note)
{
    private static readonly double[] Mantissas = [1, 2, 5, 10];

    /// <summary>Multiples of 1, 2 or 5 times a power of ten: at least two, at most <paramref name="most"/> where that allows two.</summary>
    /// <param name="most">At least 2.</param>
    public static TickSet Linear(double min, double max, int most)
    {
        double decade = Math.Floor(Math.Log10(max - min)) - 2;
        (double Step, int Power) best = default;
        for (int i = 0; i < 12; i++)                     // from span/1000 up to beyond the span, finest first
        {
            int power = (int)decade + (i / 3);
            double step = Mantissas[i % 3] * Math.Pow(10, power);
            double count = Count(min, max, step);
            if (count < 2)
            {
                break;
            }

            best = (step, power);
            if (count <= most)
            {
                break;
            }
        }

        long first = (long)Math.Ceiling((min / best.Step) - 1e-9), last = (long)Math.Floor((max / best.Step) + 1e-9);
        double[] values = [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => Math.Clamp((first + i) * best.Step, min, max))];
        return Labelled(values, best.Power);
    }

    /// <summary>Powers of ten, with 2 and 5 between them where there is room; like a linear axis where the range is under a decade.</summary>
    public static TickSet Logarithmic(double min, double max, int most)
    {
        int low = (int)Math.Ceiling(Math.Log10(min) - 1e-9), high = (int)Math.Floor(Math.Log10(max) + 1e-9);
        double decades = Math.Log10(max) - Math.Log10(min);
        if (decades < 1)
        {
            return Linear(min, max, most);
        }

        foreach (double[] mantissas in new double[][] { [1, 2, 5], [1, 3] })
        {
            double[] fine = [.. from power in Enumerable.Range(low - 1, high - low + 2)
                                from m in mantissas
                                let value = m * Math.Pow(10, power)
                                where value >= min * (1 - 1e-9) && value <= max * (1 + 1e-9)
                                select value];
            if (fine.Length <= most && fine.Length >= 2)
            {
                return new TickSet(fine, LogLabels(fine), string.Empty);
            }
        }

        int stride = 1;
        while (((high - low) / stride) + 1 > most)
        {
            stride = stride == 1 ? 2 : stride == 2 ? 5 : stride * 2;
        }

        // Counted from a multiple of the stride, so that zooming does not move the marks about.
        int start = (int)Math.Ceiling(low / (double)stride) * stride;
        double[] values = [.. Enumerable.Range(0, 1000).Select(i => start + (i * stride)).TakeWhile(p => p <= high).Select(p => Math.Pow(10, p))];
        return values.Length >= 2
            ? new TickSet(values, LogLabels(values), string.Empty)
            : new TickSet([min, max], LogLabels([min, max]), string.Empty);
    }

    private static double Count(double min, double max, double step) => Math.Floor((max / step) + 1e-9) - Math.Ceiling((min / step) - 1e-9) + 1;

    private static TickSet Labelled(double[] values, int power)
    {
        double largest = Math.Max(Math.Abs(values[0]), Math.Abs(values[^1]));
        int order = (int)Math.Floor(Math.Log10(largest) + 1e-9);
        if (order - power >= 7)                          // eight digits or more: show the differences from the first mark
        {
            TickSet rest = Labelled([.. values.Select(v => v - values[0])], power);
            return new TickSet(values, rest.Labels, $"{rest.Note} + {values[0].ToString("G15", CultureInfo.InvariantCulture)}".Trim());
        }

        if (order is >= 5 or <= -4)
        {
            // Two powers, because ten to the order alone may be out of range near the ends of double.
            double scale = Math.Pow(10, -(order / 2)), more = Math.Pow(10, -(order - (order / 2)));
            string format = "F" + Math.Clamp(order - power, 0, 15).ToString(CultureInfo.InvariantCulture);
            return new TickSet(values, [.. values.Select(v => Signed(v * scale * more, format))], $"×10{Superscript(order)}");
        }

        string plain = "F" + Math.Max(0, -power).ToString(CultureInfo.InvariantCulture);
        return new TickSet(values, [.. values.Select(v => Signed(v, plain))], string.Empty);
    }

    // A true minus sign, and no "-0.0" from rounding.
    private static string Signed(double value, string format)
    {
        string text = Math.Abs(value).ToString(format, CultureInfo.InvariantCulture);
        return value < 0 && text.AsSpan().ContainsAnyInRange('1', '9') ? "−" + text : text;
    }

    // Plain numbers where all of them are short; else powers, but for those within a hundredfold of one.
    private static string[] LogLabels(double[] values)
    {
        static int Power(double value) => (int)Math.Floor(Math.Log10(value) + 1e-9);
        int plain = Array.TrueForAll(values, v => Power(v) is >= -3 and <= 4) ? 4 : 2;
        return [.. values.Select(value =>
        {
            int power = Power(value);
            if (Math.Abs(power) <= plain)
            {
                return value.ToString("0.######", CultureInfo.InvariantCulture);
            }

            string mantissa = (value / Math.Pow(10, power)).ToString("0.#", CultureInfo.InvariantCulture);
            return mantissa == "1" ? "10" + Superscript(power) : mantissa + "×10" + Superscript(power);
        })];
    }

    private static string Superscript(int power) =>
        string.Concat(power.ToString(CultureInfo.InvariantCulture).Select(c => c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']));
}
