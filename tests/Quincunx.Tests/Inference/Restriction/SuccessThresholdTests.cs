using Quincunx.Inference.Restriction;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Restriction;

public sealed class SuccessThresholdTests
{
    // From (1 - share)^n <= 1 - confidence for the first rank: 2,994 successes are one too few for 1 in 1,000.
    [Theory]
    [InlineData(2994, 0.001, 0.95, 0)]
    [InlineData(2995, 0.001, 0.95, 1)]
    [InlineData(298, 0.01, 0.95, 0)]
    [InlineData(299, 0.01, 0.95, 1)]
    [InlineData(0, 0.01, 0.95, 0)]
    [InlineData(473, 0.01, 0.95, 2)]        // the tables of tolerance limits: 93 and 473 for 95 % with one and two at 0.05 and 0.01
    [InlineData(472, 0.01, 0.95, 1)]
    public void Rank_IsThatOfToleranceLimits(int successes, double share, double confidence, int expected) =>
        Assert.Equal(expected, SuccessThreshold.Rank(successes, share, confidence));

    [Fact]
    public void Rank_OverManySamples_LosesTooMuchNoMoreOftenThanSaid()
    {
        // Scores uniform on (0, 1), whose share below a threshold is the threshold itself. 4 standard errors of 4,000 repetitions.
        const int Successes = 500, Repetitions = 4000;
        const double Share = 0.02, Confidence = 0.9;
        int rank = SuccessThreshold.Rank(Successes, Share, Confidence), tooMuch = 0;
        double lost = 0;
        for (int i = 0; i < Repetitions; i++)
        {
            Rng rng = new Rng(4).Split(i);
            double[] scores = [.. Enumerable.Range(0, Successes).Select(_ => rng.NextDouble())];
            Array.Sort(scores);
            tooMuch += scores[rank - 1] > Share ? 1 : 0;
            lost += scores[rank - 1] / Repetitions;
        }

        Assert.True(rank > 1);
        Assert.InRange(tooMuch / (double)Repetitions, 0, 1 - Confidence + (4 * Math.Sqrt(Confidence * (1 - Confidence) / Repetitions)));

        // The mean of Beta(r, n + 1 - r), whose standard deviation is below its root over n.
        Assert.Equal(rank / (Successes + 1.0), lost, 4 * Math.Sqrt(rank / Math.Pow(Successes, 2) / Repetitions));
    }

    [Theory]
    [InlineData(4, 3, 1)]
    [InlineData(4, 3, 2)]
    [InlineData(2, 5, 2)]
    [InlineData(6, 1, 3)]
    public void ChanceOf_IsTheShareOfAllOrders(int successes, int failures, int rank)
    {
        // Each order is a number whose set bits are the places of the successes.
        int all = successes + failures, orders = 0;
        int[] counts = new int[failures + 2];
        for (int order = 0; order < 1 << all; order++)
        {
            if (System.Numerics.BitOperations.PopCount((uint)order) != successes)
            {
                continue;
            }

            orders++;
            int seen = 0, below = 0;
            for (int place = 0; seen < rank; place++)
            {
                seen += (order >> place) & 1;
                below += 1 - ((order >> place) & 1);
            }

            for (int k = 0; k <= below; k++)
            {
                counts[k]++;
            }
        }

        for (int k = 0; k <= failures; k++)
        {
            Assert.Equal(counts[k] / (double)orders, SuccessThreshold.ChanceOf(k, failures, successes, rank), 1e-12);
        }
    }
}
