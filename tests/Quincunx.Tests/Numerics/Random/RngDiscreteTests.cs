using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Numerics.Random;

public sealed class RngDiscreteTests
{
    private const int Count = 40_000;

    [Theory]
    [InlineData(1e-3), InlineData(0.7), InlineData(3), InlineData(9.99), InlineData(10), InlineData(12.5), InlineData(80), InlineData(2e4)]
    public void NextPoisson_AnyMean_IsPoisson(double mean)
    {
        long[] x = Draw(rng => rng.NextPoisson(mean));
        double reach = 12 * Math.Sqrt(mean) + 30;
        long first = (long)Math.Max(0, mean - reach), last = (long)(mean + reach);
        GoodnessOfFit.AssertDiscrete(x, first, last, k => SpecialFunctions.PoissonLogPmf(k, mean), "poisson");
        GoodnessOfFit.AssertMoments([.. x.Select(k => (double)k)], mean, mean, "poisson");
    }

    [Theory]
    [InlineData(1e7), InlineData(1e15)]
    public void NextPoisson_HugeMean_IsNormalAtItsScale(double mean)
    {
        // At 1e7 the skewness 3e-4 and the lattice step shift the distribution function by 1e-4, a fiftieth of what the test can see.
        double[] z = [.. Draw(rng => rng.NextPoisson(mean)).Select(k => (k - mean) / Math.Sqrt(mean))];
        GoodnessOfFit.AssertContinuous(z, SpecialFunctions.NormalCdf, "poisson");
    }

    [Theory]
    [InlineData(1, 0.3), InlineData(10, 0.5), InlineData(19, 0.5), InlineData(20, 0.5), InlineData(25, 0.4), InlineData(40, 0.9)]
    [InlineData(1000, 0.001), InlineData(1000, 0.25), InlineData(100_000, 0.7), InlineData(1_000_000_000, 3e-9), InlineData(1_000_000_000, 2e-8)]
    public void NextBinomial_AnyArguments_IsBinomial(long n, double p)
    {
        long[] x = Draw(rng => rng.NextBinomial(n, p));
        double mean = n * p, variance = mean * (1 - p), reach = 12 * Math.Sqrt(variance) + 30;
        long first = (long)Math.Max(0, mean - reach), last = (long)Math.Min(n, mean + reach);
        GoodnessOfFit.AssertDiscrete(x, first, last, k => SpecialFunctions.BinomialLogPmf(k, n, p), "binomial");
        GoodnessOfFit.AssertMoments([.. x.Select(k => (double)k)], mean, variance, "binomial");
    }

    [Fact]
    public void NextBinomial_HugeTrials_IsNormalAtItsScale()
    {
        const long Trials = 1L << 50;
        double sd = Math.Sqrt(Trials * 0.3 * 0.7);
        double[] z = [.. Draw(rng => rng.NextBinomial(Trials, 0.3)).Select(k => (k - 0.3 * Trials) / sd)];
        GoodnessOfFit.AssertContinuous(z, SpecialFunctions.NormalCdf, "binomial");
    }

    [Fact]
    public void Draws_OfSureEvents_AreSure()
    {
        Rng rng = Stream();
        Assert.Equal(0, rng.NextPoisson(0));
        Assert.Equal(0, rng.NextBinomial(0, 0.5));
        Assert.Equal(0, rng.NextBinomial(100, 0));
        Assert.Equal(100, rng.NextBinomial(100, 1));
        Assert.True(rng.NextBernoulli(1));
        Assert.False(rng.NextBernoulli(0));
        Assert.Equal(0, rng.NextInt64(1));
        Assert.Equal(1, rng.NextCategorical([0, 2, 0]));
        Assert.Empty(rng.Permutation(0));
        Assert.Equal([0], rng.Permutation(1));
    }

    [Fact]
    public void NextCategorical_UnnormalisedWeights_IsProportional()
    {
        double[] weights = [3, 0, 1, 1e-3, 6, 0];
        long[] x = Draw(rng => rng.NextCategorical(weights));
        GoodnessOfFit.AssertDiscrete(x, 0, 5, k => Math.Log(weights[k] / 10.001), "categorical");
        Assert.DoesNotContain(1L, x);
        Assert.DoesNotContain(5L, x);
    }

    [Theory]
    [InlineData(2), InlineData(3), InlineData(10), InlineData(1000)]
    public void NextInt64_AnyBound_IsUniform(long bound) =>
        GoodnessOfFit.AssertDiscrete(Draw(rng => rng.NextInt64(bound)), 0, bound - 1, _ => -Math.Log(bound), "integers");

    [Fact]
    public void NextInt64_BoundWhereTheShortcutIsBiased_IsUniform()
    {
        // 2^64 modulo 3 * 2^61 is 2^62: without rejection the remainders would favour some thirds by 3 to 2.
        long third = 1L << 61;
        long[] thirds = Draw(rng => rng.NextInt64(3 * third) / third);
        GoodnessOfFit.AssertDiscrete(thirds, 0, 2, _ => -Math.Log(3), "thirds");
        long[] low = Draw(rng => rng.NextInt64(3 * third) % 3);
        GoodnessOfFit.AssertDiscrete(low, 0, 2, _ => -Math.Log(3), "low digits");
    }

    [Fact]
    public void Permutation_OfFour_TakesAllOrdersEqually()
    {
        long[] code = Draw(rng => rng.Permutation(4).Aggregate(0L, (sum, i) => 10 * sum + i));
        long[] orders = [.. code.Distinct().Order()];
        Assert.Equal(24, orders.Length);
        GoodnessOfFit.AssertDiscrete([.. code.Select(c => (long)Array.IndexOf(orders, c))], 0, 23, _ => -Math.Log(24), "orders");
    }

    [Fact]
    public void Shuffle_AnyItems_KeepsThemAll()
    {
        string[] items = ["a", "b", "b", "c", "d"];
        Stream().Shuffle<string>(items);
        Assert.Equal(["a", "b", "b", "c", "d"], items.Order());
    }

    [Fact]
    public void Draws_WithBadArguments_Throw()
    {
        Rng rng = Stream();
        foreach (double bad in (double[])[-1, double.NaN, double.PositiveInfinity])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => rng.NextPoisson(bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => rng.NextBernoulli(bad));
            Assert.Throws<ArgumentOutOfRangeException>(() => rng.NextBinomial(3, bad));
            Assert.Throws<ArgumentException>(() => rng.NextCategorical([1, bad]));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => rng.NextPoisson(2e15));
        Assert.Throws<ArgumentOutOfRangeException>(() => rng.NextBinomial(-1, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => rng.NextInt64(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => rng.Permutation(-1));
        Assert.Throws<ArgumentException>(() => rng.NextCategorical([]));
        Assert.Throws<ArgumentException>(() => rng.NextCategorical([0, 0]));
    }

    private static Rng Stream() => new Rng(21).Split("discrete");

    private static long[] Draw(Func<Rng, long> draw)
    {
        Rng rng = Stream();
        long[] x = new long[Count];
        for (int i = 0; i < Count; i++)
        {
            x[i] = draw(rng);
        }

        return x;
    }
}
