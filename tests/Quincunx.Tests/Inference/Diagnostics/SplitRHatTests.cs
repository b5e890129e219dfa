using Quincunx.Inference.Diagnostics;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Diagnostics;

public sealed class SplitRHatTests
{
    [Fact]
    public void Of_ByHand_IsTheFormula()
    {
        // Halves 1 3, 2 4, 5 7, 4 8: variances 2 2 2 8, mean 3.5; means 2 3 6 6, their variance 4.25; n = 2.
        Assert.Equal(Math.Sqrt(0.5 + (4.25 / 3.5)), SplitRHat.Of([1, 3, 9, 2, 4], [5, 7, 4, 8]), 1e-14);
    }

    [Fact]
    public void Of_ChainsThatAgree_IsNearOne_AndThatDoNot_IsNot()
    {
        double[][] chains = [.. Enumerable.Range(0, 4).Select(c => Draws(c, shift: 0, drift: 0))];

        // Under agreement R² - 1 is about (F - 1) / n with 7 degrees of freedom: beyond 1.01 it is F > 21, which does not happen.
        Assert.InRange(SplitRHat.Of(chains), 0.999, 1.01);
        Assert.True(SplitRHat.Of([.. chains[..3], Draws(3, shift: 1, drift: 0)]) > 1.05);

        // One chain that drifts is seen by its halves.
        Assert.True(SplitRHat.Of(Draws(0, shift: 0, drift: 2)) > 1.05);

        static double[] Draws(int chain, double shift, double drift)
        {
            Rng rng = new Rng(8).Split(chain);
            return [.. Enumerable.Range(0, 1_000).Select(i => rng.NextNormal() + shift + (drift * i / 1_000))];
        }
    }

    [Fact]
    public void Of_DegenerateChains_SaysWhatItCan()
    {
        Assert.True(double.IsNaN(SplitRHat.Of([1, 2, 3])));
        Assert.Equal(1, SplitRHat.Of([2, 2, 2, 2], [2, 2, 2, 2]));
        Assert.Equal(double.PositiveInfinity, SplitRHat.Of([2, 2, 2, 2], [3, 3, 3, 3]));
        Assert.True(double.IsNaN(SplitRHat.Of([1, 2, double.NaN, 4])));
    }
}
