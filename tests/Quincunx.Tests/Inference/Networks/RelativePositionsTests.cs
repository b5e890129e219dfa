using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Networks;

public sealed class RelativePositionsTests
{
    // Press et al. 2022, section 3: slopes 1/2, 1/4, ..., 1/256 of eight heads.
    [Fact]
    public void Forward_Untrained_IsMinusSlopeTimesDistance()
    {
        const int Heads = 8, Rows = 40;
        double[] scores = new RelativePositions(Heads, Rows + 10, DType.Float64).Forward(Rows).ToArray();
        for (int i = 0; i < scores.Length; i++)
        {
            int head = i / (Rows * Rows), asks = i / Rows % Rows, answers = i % Rows;
            Assert.Equal(-Math.Pow(2, -(head + 1)) * Math.Abs(asks - answers), scores[i], 1e-12);
        }
    }

    [Theory]
    [InlineData(1, 0, 0.5)]
    [InlineData(2, 0, 0.5)]
    [InlineData(2, 1, 1.0 / 256)]
    public void Slope_OfFewHeads_HasTheSameEnds(int heads, int head, double expected) => Assert.Equal(expected, RelativePositions.Slope(head, heads), 1e-15);

    // Raffel et al. 2020, section 2.1, with 32 buckets up to 128: the first distance of each bucket above 8 is 8 * 16^(k / 8), rounded up.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 1)]
    [InlineData(1, 17)]
    [InlineData(-7, 7)]
    [InlineData(-8, 8)]
    [InlineData(-11, 8)]
    [InlineData(-12, 9)]
    [InlineData(15, 25)]
    [InlineData(16, 26)]
    [InlineData(-31, 11)]
    [InlineData(-32, 12)]
    [InlineData(-90, 14)]
    [InlineData(-91, 15)]
    [InlineData(128, 31)]
    [InlineData(5000, 31)]
    public void BucketOf_Offsets_IsExactNearAndLogarithmicFar(int offset, int expected) => Assert.Equal(expected, RelativePositions.BucketOf(offset));

    // What is trained counts for its own offsets alone, of every pair that far apart.
    [Fact]
    public void Forward_OfATrainedNumber_AddsItAlongADiagonal()
    {
        const int Heads = 2, Rows = 5;
        var positions = new RelativePositions(Heads, Rows, DType.Float64);
        double[] before = positions.Forward(Rows).ToArray(), trained = new double[Heads * 32];
        trained[32 + RelativePositions.BucketOf(-1)] = 3;
        ParameterTree.Of(positions).Trained[0].Assign(Tensor.From(trained, new Shape(Heads, 32)));
        double[] after = positions.Forward(Rows).ToArray();
        for (int i = 0; i < after.Length; i++)
        {
            bool behind = i / (Rows * Rows) == 1 && i % Rows == (i / Rows % Rows) - 1;
            Assert.Equal(behind ? 3 : 0, after[i] - before[i], 1e-12);
        }
    }

    [Fact]
    public void Encoder_OfAStateWithoutPositions_RefusesItByName()
    {
        var options = new TransformerEncoderOptions { Width = 4, Heads = 2, Blocks = 1 };
        var older = new TransformerEncoder(1, options, new Rng(1));
        var encoder = new TransformerEncoder(1, options with { Positions = PositionalEncoding.Relative }, new Rng(1));
        StateException fault = Assert.Throws<StateException>(() => ModuleState.Import(encoder, ModuleState.Export(older)));
        Assert.Contains("blocks.0.positions.trained", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encoder_OfAnEvenWindow_IsRefused() => Assert.Contains(
        "Expected an odd window, got 2.", Assert.Throws<ArgumentException>(() => new TransformerEncoder(1, new TransformerEncoderOptions { Window = 2 }, new Rng(1))).Message, StringComparison.Ordinal);
}
