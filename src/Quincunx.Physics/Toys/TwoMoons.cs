using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Physics.Toys;

/// <summary>A noisy crescent, moved by θ so that the posterior is two crescents facing each other.</summary>
/// <remarks>
/// The task "two moons" of Lueckmann et al. 2021 (arXiv:2101.04653), prior Uniform(−1, 1)²: with a ~ Uniform(−π/2, π/2) and
/// r ~ Normal(0.1, 0.01²), x = (r cos a + 0.25, r sin a) + (−|θ₁ + θ₂|, −θ₁ + θ₂) / √2. It is no mechanism: theta moves the outputs after all choices
/// are made, and a trace would see nothing of it.
/// </remarks>
public sealed class TwoMoons : ISimulator, ILikelihood
{
    private const double MeanRadius = 0.1, RadiusSd = 0.01, Offset = 0.25;

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["theta_1", "theta_2"];

    /// <inheritdoc/>
    public IReadOnlyList<string> OutputNames { get; } = ["x_1", "x_2"];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span is not of length 2, or a parameter is not finite.</exception>
    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        (double shift1, double shift2) = Shift(theta, x);
        double angle = Math.PI * (rng.NextDouble() - 0.5);
        double radius = MeanRadius + (RadiusSd * rng.NextNormal());
        x[0] = (radius * Math.Cos(angle)) + Offset + shift1;
        x[1] = (radius * Math.Sin(angle)) + shift2;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The density of (r, a) over the Jacobian |r| of polar coordinates: log Normal(r; 0.1, 0.01) − log(π |r|). Behind the crescent
    /// r is negative, ten standard deviations out: that side holds 10⁻²³ of the probability, but its log-density is finite.
    /// </remarks>
    /// <exception cref="ArgumentException">A span is not of length 2, or a parameter is not finite.</exception>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        (double shift1, double shift2) = Shift(theta, x);
        double u = x[0] - shift1 - Offset, v = x[1] - shift2;
        double radius = Math.CopySign(Math.Sqrt((u * u) + (v * v)), u), z = (radius - MeanRadius) / RadiusSd;
        return (-0.5 * z * z) - Math.Log(RadiusSd * Math.Sqrt(Math.Tau)) - Math.Log(Math.PI * Math.Abs(radius));
    }

    private static (double First, double Second) Shift(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        if (theta.Length != 2 || x.Length != 2)
        {
            throw new ArgumentException($"Expected 2 parameters and 2 outputs, got {theta.Length} and {x.Length}.");
        }

        if (!double.IsFinite(theta[0]) || !double.IsFinite(theta[1]))
        {
            throw new ArgumentOutOfRangeException(nameof(theta), $"Expected finite parameters, got {theta[0]} and {theta[1]}.");
        }

        return (-Math.Abs(theta[0] + theta[1]) / Math.Sqrt(2), (theta[1] - theta[0]) / Math.Sqrt(2));
    }
}
