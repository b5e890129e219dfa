using Quincunx.Inference;
using Quincunx.Inference.Ensembles;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Pipeline;
using Quincunx.Runs.Pipeline.Judgement;

namespace Quincunx.Tests.Runs.Pipeline;

/// <summary>How often the caution about networks that do not agree comes where they do, and where they do not.</summary>
public sealed class EnsembleRulesTests
{
    private const int Ensembles = 100;

    // Ten posteriors with means a standard deviation τ apart and widths a factor exp(±ς) apart, each of 4,000 draws as a run has them. The means of ten have a variance of τ² χ²₉ / 9: without any, and with a quarter of
    // the width, the spread is above half of it in fewer than one of 10,000; with all of it below in one of thirty. Widths alone move only the ends, by 2 ς of the deviation or ς / 2 of the length.
    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0.25, 0, 0, 0)]
    [InlineData(0, 0.15, 0, 0)]
    [InlineData(1, 0, 90, 100)]
    [InlineData(0, 1, 90, 100)]
    public void IsLarge_OfTenNetworks_IsWhereTheyDiffer(double means, double widths, int least, int most)
    {
        int large = Enumerable.Range(0, Ensembles).Count(i =>
        {
            var rng = new Rng((ulong)i);
            var ensemble = new PosteriorEnsemble([.. Enumerable.Range(0, 10).Select(_ => new Normals(means * rng.NextNormal(), Math.Exp(widths * rng.NextNormal())))]);
            return EnsembleRules.IsLarge(EnsembleParameterFacts.Of("a", ensemble.Intervals([0], EnsembleFacts.UsualLevel, rng)[0]));
        });
        Assert.InRange(large, least, most);
    }

    private sealed class Normals(double mean, double sd) : IPosteriorEstimator
    {
        public int Dimension => 1;

        public bool IsNormalised => true;

        public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng)
        {
            rng.FillNormal(thetas);
            for (int i = 0; i < thetas.Length; i++)
            {
                thetas[i] = mean + (sd * thetas[i]);
            }
        }

        public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs) => throw new NotSupportedException();

        public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs) => throw new NotSupportedException();

        public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng) => throw new NotSupportedException();
    }
}
