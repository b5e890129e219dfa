using Quincunx.Inference;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Diagnostics;

namespace Quincunx.Tests.Inference.Samplers;

/// <summary>The posterior of <see cref="GaussianPosterior"/> in two dimensions with correlation 0.8: prior N(0, Σ), likelihood N(x; theta, Σ). Drawn by a sampler.</summary>
/// <param name="draw">From the target (likelihood times prior), the number of draws and a stream to that many draws.</param>
internal sealed class SampledPosterior(Func<SampledPosterior.Model, int, Rng, double[]> draw) : IPosteriorEstimator
{
    private const double Rho = 0.8;
    private readonly GaussianPosterior _exact = new(2, correlation: Rho);

    public static MultivariateNormal Prior { get; } = new([0, 0], [1, Rho, Rho, 1]);

    public int Dimension => 2;

    public bool IsNormalised => true;

    public static SampledPosterior Of(SamplerRun run) => new((model, count, rng) =>

        // One chain for each draw, so that the draws are independent however the chain mixes.
        run(model.Posterior, Targets.Apart(count, 2, rng.Split("starts")), rng.Split("chains"), 50, 1).Points.ToArray());

    public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs) => _exact.LogProb(x, thetas, logProbs);

    public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs) => _exact.LogProbPairs(thetas, xs, logProbs);

    public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng)
    {
        draw(new Model(Gaussian(x[0] / 2, x[1] / 2, 2), Gaussian(x[0], x[1], 1)), thetas.Length / 2, rng).AsSpan(0, thetas.Length).CopyTo(thetas);
        rng.NextUInt64();
    }

    public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng)
    {
        for (int i = 0; i < xs.Length / 2; i++)
        {
            Sample(xs.Slice(i * 2, 2), thetas.Slice(i * count * 2, count * 2), rng.Split(i));
        }
    }

    // About a mean, with a precision of `times` / (1 - ρ²) [[1, -ρ], [-ρ, 1]].
    private static GradientFunctionTarget Gaussian(double mean0, double mean1, double times) => new(2, (z, gradient) =>
    {
        double a = z[0] - mean0, b = z[1] - mean1, factor = times / (1 - (Rho * Rho));
        gradient[0] = -factor * (a - (Rho * b));
        gradient[1] = -factor * (b - (Rho * a));
        return 0.5 * ((a * gradient[0]) + (b * gradient[1]));
    });

    internal sealed record Model(IGradientTarget Posterior, IGradientTarget Likelihood);
}
