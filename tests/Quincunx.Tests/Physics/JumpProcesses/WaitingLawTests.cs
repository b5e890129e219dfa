using Quincunx.Inference.Mechanisms;
using Quincunx.Numerics.Autodiff.Forward;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Physics.Epidemics;
using Quincunx.Physics.JumpProcesses;

namespace Quincunx.Tests.Physics.JumpProcesses;

public sealed class WaitingLawTests
{
    [Theory]
    [InlineData(0.5, 3.0), InlineData(2.0, 0.1), InlineData(0.0, 1.0)]
    public void LogProb_DensityAndEnd_SumToOne(double rate, double end)
    {
        const int Cells = 10_000;
        var law = new WaitingLaw<double>(rate, end);
        double below = Enumerable.Range(0, Cells).Sum(i => Math.Exp(law.LogProb((i + 0.5) * end / Cells))) * end / Cells;
        Assert.Equal(1, below + Math.Exp(law.LogProb(end)), 1e-8);
        Assert.Equal(double.NegativeInfinity, law.LogProb(end + 1e-9));
        Assert.Equal(double.NegativeInfinity, law.LogProb(-1e-9));
        Assert.True(double.IsNaN(law.LogProb(double.NaN)));
    }

    [Fact]
    public void LogProb_OnDualNumbers_MovesWithTheRate()
    {
        var law = new WaitingLaw<Dual<Tangent1>>(Dual<Tangent1>.Variable(0.5, 0), 3);
        Assert.Equal((1 / 0.5) - 2, law.LogProb(2).Derivative(0), 1e-14);
        Assert.Equal(-3, law.LogProb(3).Derivative(0), 1e-14);
    }

    [Fact]
    public void ToNoise_OfDraws_IsStandardNormalAndGivesThemBack()
    {
        Uniform(new WaitingLaw<double>(0.5, 3), 1e-12);
        Uniform(new WaitingLaw<double>(0.5, 0.2), 1e-12);
        Uniform(new CellLaw<double>(7), 0);
        Assert.Equal(5, new WaitingLaw<double>(0, 5).Sample(new Rng(1)));
        Assert.Equal(5, new WaitingLaw<double>(0, 5).FromNoise(-2));
        Assert.Throws<ArgumentException>(() => new WaitingLaw<double>(-1, 5).Sample(new Rng(1)));
        Assert.Throws<ArgumentException>(() => new WaitingLaw<double>(double.NaN, 5).Sample(new Rng(1)));
        Assert.Equal(-Math.Log(7), new CellLaw<double>(7).LogProb(6));
        Assert.Equal(double.NegativeInfinity, new CellLaw<double>(7).LogProb(7));
        Assert.Equal(double.NegativeInfinity, new CellLaw<double>(7).LogProb(0.5));
    }

    private static void Uniform<TLaw>(TLaw law, double tolerance)
        where TLaw : struct, ILaw<double>
    {
        const int Draws = 20_000;
        var rng = new Rng(3);
        double[] noise = new double[Draws];
        for (int i = 0; i < Draws; i++)
        {
            double value = law.Sample(rng);
            noise[i] = law.ToNoise(value, rng);
            Assert.Equal(value, law.FromNoise(noise[i]), tolerance);
        }

        Array.Sort(noise);
        double distance = noise.Select((e, i) => Math.Max(Math.Abs(SpecialFunctions.NormalCdf(e) - ((double)i / Draws)), Math.Abs(SpecialFunctions.NormalCdf(e) - ((i + 1.0) / Draws)))).Max();
        Assert.InRange(SpecialFunctions.KolmogorovSmirnovPValue(distance, Draws), 1e-5, 1);
    }
}
