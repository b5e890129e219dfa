using Quincunx.Physics.Toys.Sbibm;
using Quincunx.Tests.Cases;

namespace Quincunx.Tests.Physics.Toys.Sbibm;

/// <summary>The constants of published tasks, made anew, are those that were published.</summary>
public sealed class NumPyRandomTests
{
    // ISO C++, [rand.predef]: the 10000th number of mt19937, whose seed is 5489.
    [Fact]
    public void NextUInt32_DefaultSeed_HasTheStandardsTenThousandth()
    {
        var random = new NumPyRandom(5489);
        uint value = 0;
        for (int i = 0; i < 10_000; i++)
        {
            value = random.NextUInt32();
        }

        Assert.Equal(4_123_659_995, value);
    }

    [SharedDataTheory("sbibm/bernoulli_glm")]
    [InlineData("bernoulli_glm"), InlineData("bernoulli_glm_raw")]
    public void Stimulus_OfTheNeuron_IsTheTasks(string task)
    {
        double[] stimulus = [.. SharedData.ReadCsv($"sbibm/{task}/stimulus_I.csv").Select(row => row[0])];
        Assert.Equal(stimulus, new BernoulliGlm().Stimulus.ToArray());
        Assert.Equal(stimulus, new BernoulliGlmRaw().Stimulus.ToArray());
        var neuron = new SpikingNeuron(stimulus);
        double[][] design = SharedData.ReadCsv($"sbibm/{task}/design_matrix.csv");
        double[] theta = [.. Enumerable.Range(0, 10).Select(i => Math.Cos(i))];
        Assert.Equal(design.Length, neuron.Bins);
        Assert.All(design, (row, bin) => Assert.Equal(row.Zip(theta, (a, b) => a * b).Sum(), neuron.Drive<double>(theta, bin), 1e-14));
    }

    [SharedDataFact("sbibm/slcp_distractors")]
    public void Distractors_LocationsAndPermutation_AreTheTasks()
    {
        DistractorNoise noise = DistractorNoise.Published;
        double[][] locations = SharedData.ReadCsv("sbibm/slcp_distractors/noise_loc.csv");
        Assert.Equal(DistractorNoise.Components, locations.Length);
        Assert.All(locations, (row, c) => Assert.Equal(row, noise.Location(c).ToArray(), Close));
        Assert.Equal(SharedData.ReadCsv("sbibm/slcp_distractors/permutation_idx.csv").Select(row => (int)row[0]), noise.Permutation);
    }

    [SharedDataFact("sbibm/slcp_distractors")]
    public void Distractors_Factors_AreTheTasks()
    {
        double[][] rows = SharedData.ReadCsv("sbibm/slcp_distractors/noise_scale_tril.csv.gz");
        Assert.Equal(DistractorNoise.Components * DistractorNoise.Dimension, rows.Length);
        foreach (double[] cells in rows)
        {
            (int component, int row) = ((int)cells[0] - 1, (int)cells[1] - 1);
            Assert.Equal(cells[2..(3 + row)], DistractorNoise.Published.Factor(component, row).ToArray(), Close);
            Assert.All(cells[(3 + row)..], cell => Assert.Equal(0, cell));
        }
    }

    // Logarithms and exponentials of two libraries.
    private static bool Close(double a, double b) => Math.Abs(a - b) <= 1e-14 * Math.Max(1, Math.Abs(a));
}
