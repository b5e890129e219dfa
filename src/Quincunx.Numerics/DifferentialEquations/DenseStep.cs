namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>Where a time lies beside a step.</summary>
internal static class DenseStep
{
    /// <summary>Whether a time later than the step's start is no later than its end, but for rounding.</summary>
    public static bool Contains(double from, double to, double time) => (to > from ? time - to : to - time) <= Rounding(from, to);

    /// <summary>Whether a time is the end of the step, but for rounding.</summary>
    public static bool EndsAt(double from, double to, double time) => Math.Abs(time - to) <= Rounding(from, to);

    private static double Rounding(double from, double to)
    {
        double largest = Math.Max(Math.Abs(from), Math.Abs(to));
        return 4 * (Math.BitIncrement(largest) - largest);
    }
}

/// <summary>The solution inside one step.</summary>
/// <param name="terms">State and slopes, for a tableau with an interpolant of its own; else the states and then the slopes at both ends.</param>
/// <param name="tableau">Null: cubic Hermite interpolation.</param>
internal sealed class DenseStep<TState>(double from, double to, TState?[] terms, ButcherTableau? tableau)
    where TState : class
{
    public double From => from;

    public double To => to;

    public IReadOnlyList<TState?> Terms => terms;

    public void At(double time, IStateSpace<TState> space, ref TState? into)
    {
        Span<double> weights = stackalloc double[terms.Length];
        double h = to - from, theta = DenseStep.EndsAt(from, to, time) ? 1 : (time - from) / h;
        if (tableau is null)
        {
            ButcherTableau.Hermite(theta, h, weights);
        }
        else
        {
            tableau.Interpolate(theta, h, weights);
        }

        space.Combine(ref into, weights, terms);
    }
}
