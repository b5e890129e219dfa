namespace Quincunx.Inference.Abc;

/// <summary>Whether an observation is like what was simulated: its distance to the nearest simulation, beside theirs to one another.</summary>
internal static class AbcTypicality
{
    private const int Compared = 200, MostRows = 2000;

    /// <summary>The share of simulations, with the observation among them, that are at least as far from their nearest other simulation as the observation is.</summary>
    /// <param name="rows">Summaries, shape <c>[n, count]</c>.</param>
    public static double Of(AbcDistance distance, ReadOnlySpan<double> rows, ReadOnlySpan<double> observed)
    {
        int m = distance.Count, n = Math.Min(MostRows, rows.Length / m), compared = Math.Min(n, Compared), further = 0;
        if (n < 2)
        {
            return double.NaN;
        }

        double own = NearestOther(distance, rows, n, observed, except: -1);
        for (int i = 0; i < compared; i++)
        {
            further += NearestOther(distance, rows, n, rows.Slice(i * m, m), except: i) >= own ? 1 : 0;
        }

        return (further + 1.0) / (compared + 1);
    }

    private static double NearestOther(AbcDistance distance, ReadOnlySpan<double> rows, int n, ReadOnlySpan<double> point, int except)
    {
        double least = double.PositiveInfinity;
        for (int i = 0; i < n; i++)
        {
            if (i != except)
            {
                least = Math.Min(least, distance.Between(rows.Slice(i * distance.Count, distance.Count), point));
            }
        }

        return least;
    }
}
