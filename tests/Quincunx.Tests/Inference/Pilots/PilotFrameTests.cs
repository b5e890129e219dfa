using Quincunx.Inference.Distributions;
using Quincunx.Inference.Pilots;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Inference.Pilots;

public sealed class PilotFrameTests
{
    private static readonly Support[] Supports = [new(-1, 2), Support.Real, new(0, double.PositiveInfinity)];
    private static readonly double[] Factor = [2, 0, 0, 0.7, 1.5, 0, -1.1, 0.4, 3];

    /// <summary>Locations in the middle, on an edge, and thirty deviations outside.</summary>
    public static TheoryData<double, double> Locations => new() { { 0.3, 1.2 }, { 2, 0 }, { 17, -12 }, { -14, 9 } };

    [Theory]
    [MemberData(nameof(Locations))]
    public void ToLocal_AnyPlace_IsInvertedAndItsDeterminantIsThatOfDifferences(double first, double last)
    {
        PilotFrame frame = Frame([first, 0.5, last], Factor);
        foreach (double[] theta in (double[][])[[0.1, 0.4, 0.9], [-0.999, -2, 0.01], [1.98, 3, 4]])
        {
            double[] w = new double[3], back = new double[3];
            double logAbsDet = frame.ToLocal(theta, w);
            Assert.All(w, v => Assert.True(double.IsFinite(v)));
            Assert.Equal(-logAbsDet, frame.FromLocal(w, back), 1e-8);
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(theta[i], back[i], 1e-8 * (1 + Math.Abs(theta[i])));
            }

            // Triangular: element j depends on those from j on, so that the determinant is the product of the diagonal.
            double expected = 0;
            for (int j = 0; j < 3; j++)
            {
                const double Step = 1e-6;
                double[] above = [.. theta], below = [.. theta], up = new double[3], down = new double[3];
                (above[j], below[j]) = (above[j] + Step, below[j] - Step);
                frame.ToLocal(above, up);
                frame.ToLocal(below, down);
                expected += Math.Log((up[j] - down[j]) / (2 * Step));
                for (int i = j + 1; i < 3; i++)
                {
                    Assert.Equal(down[i], up[i]);
                }
            }

            Assert.Equal(expected, logAbsDet, 1e-5);
        }
    }

    [Fact]
    public void ToLocal_FarFromEdges_IsTheWhitenedDeviation()
    {
        double[] location = [0.3, -0.2, 5], factor = [200, 0, 0, 70, 150, 0, -110, 40, 300], theta = [0.305, -0.203, 5.002], w = new double[3];
        _ = Frame(location, factor).ToLocal(theta, w);
        for (int j = 0; j < 3; j++)
        {
            double expected = Enumerable.Range(j, 3 - j).Sum(i => factor[(3 * i) + j] * (theta[i] - location[i]));
            Assert.Equal(expected, w[j], 1e-9);
        }
    }

    [Fact]
    public void FromLocal_StandardNormals_AreTruncatedNormals()
    {
        // One parameter, whose law is known: distances between distribution functions of 20,000 draws beyond 1.95 / √n have a chance of 1e-3.
        const int Count = 20_000;
        var law = new TruncatedNormal(2.5, 0.8, -1, 2);
        PilotFrame frame = Frame([2.5], [1.25], new Support(-1, 2));
        double[] draws = new double[Count];
        new Rng(4).FillNormal(draws);
        for (int i = 0; i < Count; i++)
        {
            frame.FromLocal(draws.AsSpan(i, 1), draws.AsSpan(i, 1));
        }

        Array.Sort(draws);
        double largest = draws.Select((x, i) => Math.Abs(law.Cdf(x) - ((i + 0.5) / Count))).Max();
        Assert.True(largest < 1.95 / Math.Sqrt(Count), $"Distribution functions are {largest:F4} apart.");
        double[] w = new double[1];
        double logAbsDet = frame.ToLocal([1.7], w);
        Assert.Equal(law.LogProb([1.7]), logAbsDet + SpecialFunctions.NormalLogPdf(w[0]), 1e-10);
    }

    [Fact]
    public void Edges_AndExtremeNumbers_StayInsideAndFinite()
    {
        PilotFrame frame = Frame([0.3, 0.5, 1.2], Factor);
        double[] w = new double[3], theta = new double[3];
        Assert.True(double.IsFinite(frame.ToLocal([-1, 0, 0], w)));
        Assert.All(w, v => Assert.True(double.IsFinite(v)));
        Assert.True(double.IsFinite(frame.ToLocal([2, 0, 0.1], w)));
        foreach (double extreme in (double[])[-300, 300])
        {
            frame.FromLocal([extreme, extreme, extreme], theta);
            Assert.All(theta.Zip(Supports), pair => Assert.True(pair.Second.Contains(pair.First)));
        }
    }

    [Fact]
    public void Become_NumbersOfNoUse_Throws()
    {
        Assert.Contains("positive diagonal, the pilot gave 0 as number 1", Assert.Throws<ArgumentException>(() => Frame([0, 0], [1, 0, 0, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("got NaN as number 0", Assert.Throws<ArgumentException>(() => Frame([double.NaN, 0], [1, 0, 0, 1])).Message, StringComparison.Ordinal);
    }

    private static PilotFrame Frame(double[] location, double[] factor, params Support[] supports)
    {
        var frame = new PilotFrame(new Fixed(location, factor), supports.Length > 0 ? supports : Supports[..location.Length]);
        frame.Become([], new double[location.Length * (location.Length + 3) / 2]);
        return frame;
    }

    private sealed class Fixed(double[] at, double[] by) : IPilot
    {
        public int Dimension => at.Length;

        public int Features => 0;

        public int Summaries => 0;

        public void Estimate(ReadOnlySpan<double> x, Span<double> location, Span<double> factor, Span<double> summaries)
        {
            at.CopyTo(location);
            by.CopyTo(factor);
        }
    }
}
