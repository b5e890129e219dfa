using System.Globalization;

namespace Quincunx.Cli;

/// <summary>Numbers and times in ASCII, with a decimal point whatever the machine's language.</summary>
internal static class Numbers
{
    /// <summary>Four significant digits, or all of those before the point.</summary>
    public static string Short(double value) =>
        double.IsNaN(value) ? "-" : value.ToString(Math.Abs(value) is >= 1e4 and < 1e9 ? "F0" : "G4", CultureInfo.InvariantCulture);

    /// <summary>Three significant digits of the standard deviation, and the value to the same decimal.</summary>
    public static string WithSpread(double value, double sd)
    {
        int decimals = double.IsFinite(value) && sd > 0 && double.IsFinite(sd) ? 2 - (int)Math.Floor(Math.Log10(sd)) : -1;
        return decimals is >= 0 and <= 9 && Math.Abs(value) < 1e7
            ? value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            : Short(value);
    }

    /// <summary>A count, a share of one, or any other whole number.</summary>
    public static string Count(double value) => value.ToString(value == Math.Floor(value) ? "F0" : "G4", CultureInfo.InvariantCulture);

    public static string Percent(double share) => (100 * share).ToString("G3", CultureInfo.InvariantCulture) + " %";

    public static string Time(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => $"{time.TotalSeconds.ToString(time.TotalSeconds < 9.95 ? "F1" : "F0", CultureInfo.InvariantCulture)} s",
        { TotalHours: < 1 } => $"{(int)time.TotalMinutes} min {time.Seconds} s",
        _ => $"{(int)time.TotalHours} h {time.Minutes} min",
    };

    /// <summary>Seconds of something brief, with a unit that fits.</summary>
    public static string BriefTime(double seconds) => seconds switch
    {
        < 1e-3 => Short(seconds * 1e6) + " us",
        < 1 => Short(seconds * 1e3) + " ms",
        _ => Short(seconds) + " s",
    };

    public static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
