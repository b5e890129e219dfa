namespace Quincunx.Physics.Lattice;

/// <summary>A mean over independent weighted draws.</summary>
/// <param name="Mean">Σ w f / Σ w.</param>
/// <param name="Error">Standard error by the first-order expansion of the quotient: √(Σ w² (f - mean)²) / Σ w.</param>
internal readonly record struct WeightedMean(double Mean, double Error)
{
    public static WeightedMean Of(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        double total = 0, sum = 0, squares = 0;
        for (int i = 0; i < values.Length; i++)
        {
            total += weights[i];
            sum += weights[i] * values[i];
        }

        double mean = sum / total;
        for (int i = 0; i < values.Length; i++)
        {
            double part = weights[i] * (values[i] - mean);
            squares += part * part;
        }

        return new WeightedMean(mean, Math.Sqrt(squares) / total);
    }
}
