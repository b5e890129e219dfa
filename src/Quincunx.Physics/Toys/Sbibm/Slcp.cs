using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;

namespace Quincunx.Physics.Toys.Sbibm;

/// <summary>Simple likelihood, complex posterior: four points of a plane normal distribution whose mean and covariance are the parameters.</summary>
/// <remarks>
/// The mean is (θ₁, θ₂), the covariance ((s₁², ρ s₁ s₂), (ρ s₁ s₂, s₂²)) + 10⁻⁶ I with s₁ = θ₃², s₂ = θ₄² and ρ = tanh θ₅. The task "SLCP" of Lueckmann et al.
/// 2021 (arXiv:2101.04653) after Papamakarios et al. 2019 (arXiv:1805.07226), prior Uniform(−3, 3)⁵. The signs of θ₃ and θ₄ cannot be seen: the posterior has four modes.
/// </remarks>
public sealed class Slcp : IMechanism, ILikelihood
{
    private const int Points = 4;

    // Keeps the covariance from collapsing at θ₃ = 0 or θ₄ = 0; part of the task's definition.
    private const double Ridge = 1e-6;

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["theta_1", "theta_2", "theta_3", "theta_4", "theta_5"];

    /// <summary>First and second coordinate of the first point, then of the second, and so on.</summary>
    public IReadOnlyList<string> OutputNames { get; } = [.. Enumerable.Range(1, 2 * Points).Select(i => $"x_{i}")];

    /// <inheritdoc/>
    /// <remarks>
    /// Choices: the outputs, second coordinates given the first. Computed: <c>mean_1</c>, <c>sd_1</c>, <c>mean_2</c>, and for the second coordinate given the first
    /// <c>slope</c> and <c>residual_sd</c>.
    /// </remarks>
    /// <exception cref="ArgumentException">A parameter is not finite.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal> => Run(theta, x, ref trace, Identity);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span has another length than its names, or a parameter is not finite.</exception>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        SimulatorShape.Check(this, theta.Length, x.Length);
        return LogDensity(theta, x);
    }

    /// <summary>The mechanism with output k, as its caller counts, drawn at place <c>places[k]</c> of x.</summary>
    internal static void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace, ReadOnlySpan<int> places)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        (TReal sd1, TReal slope, TReal residualSd) = Covariance(theta);
        TReal mean1 = trace.Let(new Site("mean_1"), theta[0]), mean2 = trace.Let(new Site("mean_2"), theta[1]);
        sd1 = trace.Let(new Site("sd_1"), sd1);
        slope = trace.Let(new Site("slope"), slope);
        residualSd = trace.Let(new Site("residual_sd"), residualSd);
        for (int k = 0; k < 2 * Points; k += 2)
        {
            (int first, int second) = (places[k], places[k + 1]);
            x[first] = trace.Draw(Site.Output(first), Law.Normal(mean1, sd1));
            x[second] = trace.Draw(Site.Output(second), Law.Normal(mean2 + (slope * (x[first] - mean1)), residualSd));
        }
    }

    /// <summary>log p of the eight numbers.</summary>
    internal static double LogDensity(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        (double sd1, double slope, double residualSd) = Covariance(theta);
        double squares = 0;
        for (int k = 0; k < 2 * Points; k += 2)
        {
            double first = x[k] - theta[0], z1 = first / sd1, z2 = (x[k + 1] - theta[1] - (slope * first)) / residualSd;
            squares += (z1 * z1) + (z2 * z2);
        }

        return (-0.5 * squares) - (Points * (Math.Log(sd1) + Math.Log(residualSd) + Math.Log(Math.Tau)));
    }

    /// <summary>Places of outputs that stay where they are.</summary>
    private static ReadOnlySpan<int> Identity => [0, 1, 2, 3, 4, 5, 6, 7];

    // Of the normal as the law of its first coordinate and that of the second given the first. The variance of the latter is S₂₂ − S₁₂² / S₁₁, written so that
    // nothing cancels: 1 − ρ² = 1 / cosh² θ₅.
    private static (TReal Sd1, TReal Slope, TReal ResidualSd) Covariance<TReal>(ReadOnlySpan<TReal> theta)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        Parameters.CheckFinite(theta);
        var ridge = TReal.CreateTruncating(Ridge);
        TReal s1 = theta[2] * theta[2], s2 = theta[3] * theta[3], sech = TReal.One / TReal.Cosh(theta[4]);
        TReal variance1 = (s1 * s1) + ridge;
        TReal unexplained = ((s1 * s1 * sech * sech) + ridge) / variance1;
        return (TReal.Sqrt(variance1), TReal.Tanh(theta[4]) * s1 * s2 / variance1, TReal.Sqrt((s2 * s2 * unexplained) + ridge));
    }
}
