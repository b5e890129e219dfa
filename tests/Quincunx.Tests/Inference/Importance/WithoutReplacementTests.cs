using Quincunx.Inference.Importance;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Importance;

public sealed class WithoutReplacementTests
{
    [Fact]
    public void ResampleWithoutReplacement_TwoOfThree_HasTheChancesOfSuccessiveChoice()
    {
        // w = 0.5, 0.3, 0.2: P(i, then j) = wᵢ wⱼ / (1 − wᵢ).
        const int Repeats = 20_000;
        double[] w = [0.5, 0.3, 0.2];
        var weights = ImportanceWeights.FromLog([.. w.Select(v => Math.Log(v)), double.NegativeInfinity]);
        var rng = new Rng(1);
        int[,] counts = new int[4, 4];
        for (int i = 0; i < Repeats; i++)
        {
            int[] chosen = weights.ResampleWithoutReplacement(2, rng);
            counts[chosen[0], chosen[1]]++;
        }

        for (int i = 0; i < 4; i++)
        {
            for (int j = 0; j < 4; j++)
            {
                // Six comparisons of chances: 4.5 standard errors.
                double chance = i == j || i == 3 || j == 3 ? 0 : w[i] * w[j] / (1 - w[i]);
                Assert.Equal(chance, counts[i, j] / (double)Repeats, 4.5 * Math.Sqrt(chance * (1 - chance) / Repeats));
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => weights.ResampleWithoutReplacement(4, rng));
    }

    [Fact]
    public void Resample_OfWeightedDraws_HasTheMomentsOfTheTarget()
    {
        // 400 of 40,000 draws, efficiency 0.82: few enough that choosing each once does not matter.
        ReweightedDraws draws = GaussianModel.Reweighting(2, 1.4).Draw(40_000, new Rng(2));
        foreach (double[] chosen in new[] { draws.Resample(400, new Rng(3)), draws.ResampleWithoutReplacement(400, new Rng(3)), draws.Resample(400, new Rng(3), ResamplingScheme.Stratified) })
        {
            double[] first = [.. Enumerable.Range(0, 400).Select(i => chosen[2 * i] - 0.5)];
            Assert.Equal(400, first.Distinct().Count());
            Assert.Equal(0, first.Average(), 4 * Math.Sqrt(0.5 / 400));
            Assert.Equal(0.5, first.Average(v => v * v), 4 * 0.5 * Math.Sqrt(2.0 / 400));
        }
    }

    [Fact]
    public void ResampleWithoutReplacement_MostOfTheDraws_IsTooWide()
    {
        // The limit that the documentation names: half of the draws, each at most once, keeps what should be rare.
        ReweightedDraws draws = GaussianModel.Reweighting(1, 2).Draw(4000, new Rng(4));
        double Variance(double[] chosen) => chosen.Average(t => (t - 0.5) * (t - 0.5));
        Assert.Equal(0.5, Variance(draws.Resample(2000, new Rng(5))), 4 * 0.5 * Math.Sqrt(2 / draws.Weights.EffectiveSampleSize));
        Assert.True(Variance(draws.ResampleWithoutReplacement(2000, new Rng(5))) > 0.6);
    }
}
