namespace Quincunx.Physics.Lattice;

/// <summary>Measurements on one field.</summary>
internal static class LatticeObservables
{
    /// <summary>(Σ φ)² / V, whose mean is the two-point susceptibility where ⟨φ⟩ is zero.</summary>
    public static double Susceptibility(ReadOnlySpan<double> phi)
    {
        double sum = Sum(phi);
        return sum * sum / phi.Length;
    }

    /// <summary>Σ φ / V.</summary>
    public static double Magnetisation(ReadOnlySpan<double> phi) => Sum(phi) / phi.Length;

    /// <summary>Σ φ² / V.</summary>
    public static double Square(ReadOnlySpan<double> phi)
    {
        double sum = 0;
        foreach (double value in phi)
        {
            sum += value * value;
        }

        return sum / phi.Length;
    }

    /// <summary>
    /// The correlator at zero momentum, <c>C(t) = Σ_τ Φ(τ) Φ(τ + t) / L</c> with <c>Φ(τ) = Σₓ φ(x, τ) / √L</c>, averaged over the two directions; its sum over t is the susceptibility.
    /// </summary>
    /// <param name="phi">Shape <c>[size, size]</c>.</param>
    /// <param name="correlator">Shape <c>[size]</c>; overwritten.</param>
    public static void Correlator(ReadOnlySpan<double> phi, int size, Span<double> correlator)
    {
        Span<double> rows = stackalloc double[size], columns = stackalloc double[size];
        rows.Clear();
        columns.Clear();
        for (int i = 0; i < phi.Length; i++)
        {
            rows[i / size] += phi[i];
            columns[i % size] += phi[i];
        }

        for (int t = 0; t < size; t++)
        {
            double sum = 0;
            for (int tau = 0; tau < size; tau++)
            {
                int later = (tau + t) % size;
                sum += (rows[tau] * rows[later]) + (columns[tau] * columns[later]);
            }

            correlator[t] = sum / (2.0 * size * size);
        }
    }

    private static double Sum(ReadOnlySpan<double> phi)
    {
        double sum = 0;
        foreach (double value in phi)
        {
            sum += value;
        }

        return sum;
    }
}
