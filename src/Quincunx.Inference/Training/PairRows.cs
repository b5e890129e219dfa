using Quincunx.Inference.Npe;

namespace Quincunx.Inference.Training;

/// <summary>The one check of pairs in memory that networks learn from.</summary>
internal static class PairRows
{
    /// <summary>How many there are.</summary>
    /// <param name="parameters">Length of a row of <paramref name="thetas"/>.</param>
    /// <param name="features">Length of a row of <paramref name="xs"/>, not yet checked.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or there are fewer rows than are needed.</exception>
    public static int Count(int parameters, ReadOnlySpan<double> thetas, int features, ReadOnlySpan<double> xs, int fewest = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        int n = thetas.Length / parameters;
        return n >= fewest && thetas.Length == (long)n * parameters && xs.Length == (long)n * features
            ? n
            : throw new ArgumentException(
                $"Expected as many rows of {parameters} parameters as of {features} outputs, at least {fewest}, got {thetas.Length} and {xs.Length} numbers.", nameof(xs));
    }

    /// <param name="rows">Row-major, of <paramref name="features"/> numbers a row.</param>
    /// <param name="name">What the caller calls them.</param>
    /// <param name="missing">Whether NaN is a number like others.</param>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public static void CheckFinite(ReadOnlySpan<double> rows, int features, string name, MissingValues missing = MissingValues.Refused)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if (!double.IsFinite(rows[i]) && !(double.IsNaN(rows[i]) && missing == MissingValues.Embedded))
            {
                throw new ArgumentException($"Expected finite outputs{MissingValuesText.Hint(rows[i])}, got {rows[i]:R} as number {i % features} of row {i / features}.", name);
            }
        }
    }
}
