using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Mechanisms.Mining;
using Quincunx.Numerics.Autodiff.Forward;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Inference.Mechanisms;

public sealed class LawTests
{
    private const int Draws = 20_000;

    public static TheoryData<string> Names => LawCases.Names;

    [Theory, MemberData(nameof(Names))]
    public void LogProb_AtItsPoints_IsThatOfTheDistribution(string name)
    {
        LawCase row = LawCases.Of(name);
        foreach (double point in row.Points)
        {
            double expected = row.Reference(row.Parameters).LogProb(point);
            Assert.Equal(expected, LogProb<double>(name, row.Parameters, point), 1e-12 * (1 + Math.Abs(expected)));
        }

        Assert.True(double.IsNaN(LogProb<double>(name, row.Parameters, double.NaN)));
    }

    [Theory, MemberData(nameof(Names))]
    public void LogProb_OutsideTheSupport_IsNegativeInfinity(string name)
    {
        LawCase row = LawCases.Of(name);
        var support = row.Reference(row.Parameters).Support;
        double[] outside = [support.Lower - 0.5, name == "poisson" ? -1 : support.Upper + 0.5, .. support.Discrete ? [0.5] : Array.Empty<double>()];
        foreach (double point in outside.Where(double.IsFinite))
        {
            Assert.Equal(double.NegativeInfinity, LogProb<double>(name, row.Parameters, point));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void LogProb_OnDualNumbers_MatchesCentralDifferences(string name)
    {
        LawCase row = LawCases.Of(name);
        foreach (double point in row.Points)
        {
            for (int i = 0; i < row.Parameters.Length; i++)
            {
                var moving = row.Parameters.Select((p, j) => j == i ? Dual<Tangent1>.Variable(p, 0) : new Dual<Tangent1>(p)).ToArray();
                Dual<Tangent1> value = LogProb<Dual<Tangent1>>(name, moving, point);
                double h = 1e-5 * row.Parameters[i];
                double difference = (At(i, h) - At(i, -h)) / (2 * h);
                Assert.Equal(LogProb<double>(name, row.Parameters, point), value.Value, 1e-12 * (1 + Math.Abs(value.Value)));
                Assert.Equal(difference, value.Derivative(0), 1e-7 * (1 + Math.Abs(difference)));
            }

            double At(int i, double step) => LogProb<double>(name, [.. row.Parameters.Select((p, j) => j == i ? p + step : p)], point);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void LogProb_UnderSeveralHypotheses_IsThatOfEach(string name)
    {
        LawCase row = LawCases.Of(name);
        double[] scales = [1, 1.02, 0.99];
        Lanes<Tangent4>[] lanes = [.. row.Parameters.Select(p => Lanes<Tangent4>.Of([.. scales.Select(s => s * p)]))];
        double[] values = new double[scales.Length];
        foreach (double point in row.Points.Where(p => name != "uniform" || Math.Abs(p) < 1))
        {
            LogProb<Lanes<Tangent4>>(name, lanes, point).CopyTo(values);
            for (int k = 0; k < scales.Length; k++)
            {
                Assert.Equal(LogProb<double>(name, [.. row.Parameters.Select(p => scales[k] * p)], point), values[k], 1e-12 * (1 + Math.Abs(values[k])));
            }
        }
    }

    // If draws have the law and ToNoise is right, their noise is standard normal. Bound: the Kolmogorov-Smirnov distance that one seed in 10^6 exceeds.
    [Theory, MemberData(nameof(Names))]
    public void ToNoise_OfDraws_IsStandardNormal(string name)
    {
        double[] noise = LawCases.With<double, double[], NoiseOfDraws>(name, LawCases.Of(name).Parameters, new NoiseOfDraws());
        Array.Sort(noise);
        double distance = noise.Select((e, i) => Math.Max(Math.Abs(SpecialFunctions.NormalCdf(e) - (double)i / Draws), Math.Abs(SpecialFunctions.NormalCdf(e) - (i + 1.0) / Draws))).Max();
        Assert.InRange(SpecialFunctions.KolmogorovSmirnovPValue(distance, Draws), 1e-6, 1);
    }

    [Theory, MemberData(nameof(Names))]
    public void FromNoise_OfItsNoise_IsTheValue(string name)
    {
        LawCase row = LawCases.Of(name);
        foreach (double point in row.Points)
        {
            double back = LawCases.With<double, double, RoundTrip>(name, row.Parameters, new RoundTrip(point));
            Assert.Equal(point, back, 1e-11 * Math.Abs(point));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void FromNoise_OfNormals_HasTheLaw(string name)
    {
        LawCase row = LawCases.Of(name);
        var reference = row.Reference(row.Parameters);
        double[] values = LawCases.With<double, double[], ValuesOfNoise>(name, row.Parameters, new ValuesOfNoise());
        Assert.All(values.Skip(1).Zip(values), pair => Assert.True(pair.First >= pair.Second, "increasing in the noise"));
        for (int i = 0; i < values.Length; i++)
        {
            // P(X <= x) is at least Φ(noise), and P(X < x) is less: equal where the law is continuous, but for the rounding of x itself.
            double level = SpecialFunctions.NormalCdf(ValuesOfNoise.At(i));
            (double before, double after) = reference.Support.Discrete ? (values[i] - 1, values[i]) : (Math.BitDecrement(values[i]), Math.BitIncrement(values[i]));
            Assert.InRange(level, reference.Cdf(before) - 1e-12, reference.Cdf(after) + 1e-12);
        }
    }

    [Theory]
    [InlineData("normal", 0.0, -1.0)]
    [InlineData("normal", 0.0, double.NaN)]
    [InlineData("log-normal", 0.0, 0.0)]
    [InlineData("uniform", 2.0, 1.0)]
    [InlineData("gamma", -1.0, 1.0)]
    [InlineData("gamma", 1.0, 0.0)]
    [InlineData("exponential", -1.0, 0.0)]
    [InlineData("beta", 0.0, 1.0)]
    [InlineData("bernoulli", 1.5, 0.0)]
    [InlineData("poisson", -2.0, 0.0)]
    [InlineData("categorical", -2.0, 3.0)]
    [InlineData("categorical", 0.0, 0.0)]
    public void Sample_ParameterOutOfRange_IsRefused(string name, double first, double second) =>
        Assert.ThrowsAny<ArgumentException>(() => LawCases.With<double, double[], NoiseOfDraws>(name, [first, second], new NoiseOfDraws()));

    private static TReal LogProb<TReal>(string name, ReadOnlySpan<TReal> parameters, double point)
        where TReal : unmanaged, IFloatingPointIeee754<TReal> => LawCases.With<TReal, TReal, Density<TReal>>(name, parameters, new Density<TReal>(point));

    private readonly struct Density<TReal>(double point) : ILawUse<TReal, TReal>
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        public TReal Apply<TLaw>(TLaw law)
            where TLaw : struct, ILaw<TReal>, allows ref struct => law.LogProb(point);
    }

    private readonly struct NoiseOfDraws : ILawUse<double, double[]>
    {
        public double[] Apply<TLaw>(TLaw law)
            where TLaw : struct, ILaw<double>, allows ref struct
        {
            var rng = new Rng(11);
            double[] noise = new double[Draws];
            for (int i = 0; i < Draws; i++)
            {
                noise[i] = law.ToNoise(law.Sample(rng), rng);
            }

            return noise;
        }
    }

    private readonly struct RoundTrip(double point) : ILawUse<double, double>
    {
        public double Apply<TLaw>(TLaw law)
            where TLaw : struct, ILaw<double>, allows ref struct => law.FromNoise(law.ToNoise(point, new Rng(5)));
    }

    private readonly struct ValuesOfNoise : ILawUse<double, double[]>
    {
        public static double At(int i) => -6 + (0.05 * i);

        public double[] Apply<TLaw>(TLaw law)
            where TLaw : struct, ILaw<double>, allows ref struct
        {
            double[] values = new double[241];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = law.FromNoise(At(i));
            }

            return values;
        }
    }
}
