using Quincunx.Inference.Importance;
using Quincunx.Numerics.Random;
using Xunit.Abstractions;

namespace Quincunx.Tests.Inference.Importance;

public sealed class DrawUntilTests(ITestOutputHelper output)
{
    [Fact]
    public void DrawUntil_AGoodProposal_StopsWhenItIsReached()
    {
        PosteriorReweighting reweighting = GaussianModel.Reweighting(3, 1.3);
        DrawUntilResult result = reweighting.DrawUntil(3000, new Rng(1));

        Assert.Equal(DrawUntilStop.Reached, result.StopReason);
        Assert.InRange(result.Draws!.Weights.EffectiveSampleSize, 3000, 3000 * 1.3);
        Assert.True(result.Looks[^2].Effective < 3000);
        Assert.Equal(reweighting.Draw(result.Draws.Count, new Rng(1)).LogWeights, result.Draws.LogWeights);
        Assert.Equal(GaussianModel.LogEvidence(GaussianModel.Observed(3)), result.Draws.LogEvidence, 4 * result.Draws.LogEvidenceError);
    }

    [Fact]
    public void DrawUntil_TooNarrowAProposal_GivesUp()
    {
        DrawUntilResult result = GaussianModel.Reweighting(3, 0.3).DrawUntil(5000, new Rng(2));
        Assert.Equal(DrawUntilStop.TailTooHeavy, result.StopReason);
        Assert.True(result.Draws!.Count < 100_000);
        Assert.Contains("too narrow", result.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void DrawUntil_FewEffectiveDrawsOfAHeavyTail_SaysThatTheyAreNotReliable()
    {
        // 40 effective draws are there before there are enough to call the tail hopeless.
        DrawUntilResult result = GaussianModel.Reweighting(1, 0.45).DrawUntil(40, new Rng(3));
        Assert.Equal(DrawUntilStop.ReachedUnreliably, result.StopReason);
        Assert.Contains("too good", result.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void DrawUntil_TooFewDrawsAllowed_ReturnsThemWithARange()
    {
        DrawUntilResult result = GaussianModel.Reweighting(3, 1.3).DrawUntil(3000, new Rng(1), new DrawUntilOptions { MaxDraws = 2500 });
        Assert.Equal(DrawUntilStop.DrawsExhausted, result.StopReason);
        Assert.Equal(2500, result.Draws!.Count);
        Assert.Contains(" to ", result.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void DrawUntil_WithoutOverlap_Ends()
    {
        DrawUntilResult result = GaussianModel.Reweighting(1, 1e-3, shift: 1e200).DrawUntil(10, new Rng(1));
        Assert.Equal(DrawUntilStop.NoOverlap, result.StopReason);
        Assert.InRange(result.Draws!.Count, 10_000, 13_000);
    }

    [Fact]
    public void DrawUntil_CancelledAndResumed_EndsInTheSameDraws()
    {
        PosteriorReweighting reweighting = GaussianModel.Reweighting(2, 1.2);
        using var cancel = new CancellationTokenSource();
        var stop = new CancelAt(6000, cancel);
        DrawUntilResult whole = reweighting.DrawUntil(12_000, new Rng(4)), cut = reweighting.DrawUntil(6000, new Rng(4), progress: stop, cancel: cancel.Token);
        Assert.Equal(DrawUntilStop.Cancelled, cut.StopReason);

        DrawUntilResult resumed = reweighting.DrawUntil(12_000, new Rng(4), start: cut.Draws);
        Assert.Equal(whole.Draws!.Thetas, resumed.Draws!.Thetas);
        Assert.Equal(whole.Draws.LogWeights, resumed.Draws.LogWeights);
        Assert.Equal(whole.StopReason, resumed.StopReason);
    }

    [Fact, Trait("Category", "Slow")]
    public void DrawUntil_FreshDraws_RemovesTheBiasOfStopping()
    {
        // A proposal 1.2 deviations off has log-normal weights and the efficiency exp(−1.44). Evidence over the exact one has mean 1 for a number of draws that was fixed, or fixed by other draws.
        const int Seeds = 1000, Effective = 60;
        PosteriorReweighting reweighting = GaussianModel.Reweighting(1, widening: 1, shift: 1.2);
        double exact = GaussianModel.LogEvidence(GaussianModel.Observed(1));
        double[] first = Ratios(StoppingRule.FirstPassage), fresh = Ratios(StoppingRule.FreshDraws);
        output.WriteLine($"evidence over the exact one: {first.Average():F4} ± {Error(first):F4}, fresh draws {fresh.Average():F4} ± {Error(fresh):F4}");
        Assert.Equal(1, fresh.Average(), 4 * Error(fresh));
        Assert.True(first.Average() < 1 - (2 * Error(first)));

        double[] Ratios(StoppingRule rule)
        {
            var options = new DrawUntilOptions { Growth = 1.05, Rule = rule };
            return [.. Enumerable.Range(0, Seeds).Select(seed => Math.Exp(reweighting.DrawUntil(Effective, new Rng((ulong)seed), options).Draws!.LogEvidence - exact))];
        }

        static double Error(double[] values)
        {
            double mean = values.Average();
            return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)) / values.Length);
        }
    }

    [Fact]
    public void DrawUntil_BadInput_Throws()
    {
        PosteriorReweighting reweighting = GaussianModel.Reweighting(2, 1.2);
        Assert.Throws<ArgumentOutOfRangeException>(() => reweighting.DrawUntil(0, new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => reweighting.DrawUntil(10, new Rng(1), new DrawUntilOptions { Growth = 1 }));
        Assert.Throws<ArgumentException>(() => reweighting.DrawUntil(10, new Rng(1), start: GaussianModel.Reweighting(1, 1.2).Draw(10, new Rng(1))));
    }

    // At once, where Progress<T> would post it.
    private sealed class CancelAt(int draws, CancellationTokenSource cancel) : IProgress<DrawUntilLook>
    {
        public void Report(DrawUntilLook value)
        {
            if (value.Draws >= draws)
            {
                cancel.Cancel();
            }
        }
    }
}
