namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>The times a caller asks for.</summary>
internal static class OdeTimes
{
    /// <exception cref="ArgumentException">Fewer than two, not finite, or not strictly rising or strictly falling.</exception>
    public static void Check(ReadOnlySpan<double> times)
    {
        if (times.Length < 2)
        {
            throw new ArgumentException($"Expected the time of the start and at least one other, got {times.Length}.", nameof(times));
        }

        double direction = times[1] > times[0] ? 1 : -1;
        for (int i = 1; i < times.Length; i++)
        {
            if (!(direction * (times[i] - times[i - 1]) > 0) || !double.IsFinite(times[i] - times[i - 1]))
            {
                throw new ArgumentException(
                    $"Expected finite times that strictly rise or strictly fall, got {times[i - 1]:R} before {times[i]:R}.", nameof(times));
            }
        }
    }
}
