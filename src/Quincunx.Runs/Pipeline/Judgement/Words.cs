using System.Globalization;

namespace Quincunx.Runs.Pipeline.Judgement;

/// <summary>Numbers as the sentences of a verdict and a report show them.</summary>
internal static class Words
{
    /// <summary><c>p = 0.013</c>, <c>p &lt; 0.0001</c>.</summary>
    public static string P(double p) => double.IsNaN(p) ? "p unknown" : p < 1e-4 ? "p < 0.0001" : $"p = {Significant(p, 2)}";

    /// <summary>A share as a percentage of two significant digits.</summary>
    public static string Percent(double share) => double.IsNaN(share) ? "an unknown share" : $"{Significant(share * 100, 2)} %";

    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Count(double number) => double.IsNaN(number) ? "unknown" : Math.Round(number).ToString("N0", CultureInfo.InvariantCulture);

    public static string Fixed(double number, int decimals) => !double.IsFinite(number)
        ? double.IsNaN(number) ? "unknown" : number > 0 ? "∞" : "−∞"
        : number.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary><c>1 round</c>, <c>2 rounds</c>.</summary>
    public static string Plural(long number, string one) => $"{Count(number)} {one}{(number == 1 ? "" : "s")}";

    /// <summary>The text with <c>p = 0.1</c> and <c>5 %</c> kept on one line.</summary>
    public static string Unbroken(string text) => text.Replace(" %", "\u00a0%", StringComparison.Ordinal)
        .Replace(" = ", "\u00a0=\u00a0", StringComparison.Ordinal).Replace(" < ", "\u00a0<\u00a0", StringComparison.Ordinal);

    // Without an exponent down to 1e-7, and without the zeros that "F" would append.
    private static string Significant(double value, int digits)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        int order = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return Math.Round(value, Math.Clamp(digits - 1 - order, 0, 12)).ToString("0.############", CultureInfo.InvariantCulture);
    }
}
