namespace Quincunx.Numerics.Optimisation;

/// <summary>Where a minimisation ended.</summary>
/// <param name="X">The best point found.</param>
/// <param name="Value">The function there.</param>
/// <param name="Gradient">Its gradient there.</param>
/// <param name="StopReason">Why it ended.</param>
/// <param name="Iterations">Steps taken.</param>
/// <param name="Evaluations">Evaluations of value and gradient together.</param>
public sealed record LbfgsResult(double[] X, double Value, double[] Gradient, LbfgsStop StopReason, int Iterations, int Evaluations)
{
    /// <summary>Largest magnitude of a component of <see cref="Gradient"/>.</summary>
    public double GradientNorm => Lbfgs.LargestMagnitude(Gradient);
}
