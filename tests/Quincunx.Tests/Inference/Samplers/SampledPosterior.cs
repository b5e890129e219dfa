using Quincunx.Inference;
using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Random;
using Quincunx.Tests.Inference.Diagnostics;

namespace Quincunx.Tests.Inference.Samplers;

/// <summary>The posterior of <see cref="GaussianPosterior"/> in two dimensions with correlation 0.8, drawn by a sampler.</summary>
internal sealed class SampledPosterior(SamplerRun run) : IPosteriorEstimator
{
    private const double Rho = 0.8;
    private readonly GaussianPosterior _exact = new(2, correlation: Rho);

    public int Dimension => 2;

    public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs) => _exact.LogProb(x, thetas, logProbs);

    public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs) => _exact.LogProbPairs(thetas, xs, logProbs);

    public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng)
    {
        double x0 = x[0], x1 = x[1];
        var target = new GradientFunctionTarget(2, (z, gradient) =>
        {
            // Precision of 2 / (1 - ρ²) [[1, -ρ], [-ρ, 1]] about x / 2.
            double a = z[0] - (x0 / 2), b = z[1] - (x1 / 2), factor = 2 / (1 - (Rho * Rho));
            gradient[0] = -factor * (a - (Rho * b));
            gradient[1] = -factor * (b - (Rho * a));
            return 0.5 * ((a * gradient[0]) + (b * gradient[1]));
        });

        // One chain for each draw, so that the draws are independent however the chain mixes.
        int count = thetas.Length / 2;
        ChainResult result = run(target, Targets.Apart(count, 2, rng.Split("starts")), rng.Split("chains"), 50, 1);
        result.Points.Span.CopyTo(thetas);
        rng.NextUInt64();
    }

    public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng)
    {
        for (int i = 0; i < xs.Length / 2; i++)
        {
            Sample(xs.Slice(i * 2, 2), thetas.Slice(i * count * 2, count * 2), rng.Split(i));
        }
    }
}
