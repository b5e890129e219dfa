using Quincunx.Numerics.Special;

namespace Quincunx.Tests.Numerics.Special;

public sealed class SpecialFunctionsTests
{
    [Theory, MemberData(nameof(SpecialFunctionCases.All), MemberType = typeof(SpecialFunctionCases))]
    public void Function_AtReferencePoints_KeepsItsRelativeError(string name, double a, double b, double c, double expected, double tolerance)
    {
        double actual = Evaluate(name, a, b, c);
        double error = expected == 0 ? Math.Abs(actual) : Math.Abs(actual - expected) / Math.Abs(expected);
        Assert.True(error <= tolerance, $"{name}({a:R}, {b:R}, {c:R}) = {actual:R}, expected {expected:R}: relative error {error:E2}");
    }

    [Theory]
    [InlineData("Log1p"), InlineData("Expm1"), InlineData("Softplus"), InlineData("Sigmoid"), InlineData("LogAddExp"), InlineData("Erf")]
    [InlineData("Erfc"), InlineData("NormalCdf"), InlineData("NormalLogCdf"), InlineData("NormalLogInterval"), InlineData("LogGamma")]
    [InlineData("LogBeta"), InlineData("KolmogorovCdf"), InlineData("KolmogorovSurvival")]
    public void Function_AtNaN_IsNaN(string name) => Assert.Equal(double.NaN, Evaluate(name, double.NaN, 1, 1));

    [Theory]
    [InlineData("Log1p", double.PositiveInfinity, double.PositiveInfinity), InlineData("Log1p", -1, double.NegativeInfinity)]
    [InlineData("Log1p", -1.5, double.NaN), InlineData("Log1p", 0, 0)]
    [InlineData("Expm1", double.PositiveInfinity, double.PositiveInfinity), InlineData("Expm1", double.NegativeInfinity, -1)]
    [InlineData("Expm1", 0, 0), InlineData("Expm1", 1000, double.PositiveInfinity)]
    [InlineData("Softplus", double.PositiveInfinity, double.PositiveInfinity), InlineData("Softplus", double.NegativeInfinity, 0)]
    [InlineData("Sigmoid", double.PositiveInfinity, 1), InlineData("Sigmoid", double.NegativeInfinity, 0)]
    [InlineData("Erfc", double.PositiveInfinity, 0), InlineData("Erfc", double.NegativeInfinity, 2)]
    [InlineData("ErfcInv", 0, double.PositiveInfinity), InlineData("ErfcInv", 2, double.NegativeInfinity)]
    [InlineData("NormalCdf", double.NegativeInfinity, 0), InlineData("NormalCdf", double.PositiveInfinity, 1)]
    [InlineData("NormalLogCdf", double.NegativeInfinity, double.NegativeInfinity), InlineData("NormalLogCdf", double.PositiveInfinity, 0)]
    [InlineData("NormalQuantile", 0, double.NegativeInfinity), InlineData("NormalQuantile", 1, double.PositiveInfinity)]
    [InlineData("LogGamma", 0, double.PositiveInfinity), InlineData("LogGamma", -1, double.NaN), InlineData("LogGamma", 1, 0)]
    [InlineData("LogGamma", 2, 0), InlineData("LogGamma", double.PositiveInfinity, double.PositiveInfinity)]
    public void Function_AtTheEdge_TakesItsLimit(string name, double x, double expected) => Assert.Equal(expected, Evaluate(name, x, 0, 0));

    [Fact]
    public void LogSumExp_OfManyValues_MatchesItsClosedForm()
    {
        // Sum over k of e^(-k) 10^-300... as a geometric series: log((1 - r^n) / (1 - r)) + first, r = e^-1/2.
        double[] x = [.. Enumerable.Range(0, 200).Select(k => 2000 - 0.5 * k)];
        Assert.Equal(2000 + 0.93275212956718857, SpecialFunctions.LogSumExp(x), 1e-12);
        Assert.Equal(Math.Log(7) - 5000, SpecialFunctions.LogSumExp([-5000, -5000, -5000, -5000, -5000, -5000, -5000]), 1e-12);
        Assert.Equal(1e-18, SpecialFunctions.LogSumExp([0, Math.Log(1e-18)]), 1e-30);
        Assert.Equal(1e-18, SpecialFunctions.LogSumExp([Math.Log(1e-18), 0]), 1e-30);
    }

    [Fact]
    public void LogSumExp_OfNothingNaNOrInfinity_FollowsTheLimit()
    {
        Assert.Equal(double.NegativeInfinity, SpecialFunctions.LogSumExp([]));
        Assert.Equal(double.NegativeInfinity, SpecialFunctions.LogSumExp([double.NegativeInfinity, double.NegativeInfinity]));
        Assert.Equal(3, SpecialFunctions.LogSumExp([double.NegativeInfinity, 3]));
        Assert.Equal(double.PositiveInfinity, SpecialFunctions.LogSumExp([double.PositiveInfinity, 3]));
        Assert.Equal(double.NaN, SpecialFunctions.LogSumExp([double.PositiveInfinity, double.NaN, 1]));
        Assert.Equal(double.NaN, SpecialFunctions.LogSumExp([0, double.NaN]));
    }

    [Theory]
    [InlineData(0.3), InlineData(1), InlineData(2.5), InlineData(20), InlineData(400), InlineData(3e4)]
    public void GammaQuantile_OfCdf_ReturnsTheArgument(double shape)
    {
        foreach (double p in (double[])[1e-12, 1e-4, 0.1, 0.5, 0.9, 0.9999])
        {
            double x = SpecialFunctions.GammaQuantile(p, shape);
            Assert.Equal(1, SpecialFunctions.GammaP(shape, x) / p, 1e-11);
        }
    }

    [Theory]
    // One draw: P(D < d) = 2d - 1. Two draws: 2 (2d - 1/2)² up to 1/2, then 1 - 2 (1 - d)². Ten: Marsaglia, Tsang and Wang 2003, section 3.
    [InlineData(1, 0.7, 0.4), InlineData(2, 0.4, 0.18), InlineData(2, 0.8, 0.92), InlineData(10, 0.274, 0.6284796154565043)]
    public void KolmogorovSmirnovPValue_FewDraws_IsExact(int n, double d, double cdf) =>
        Assert.Equal(1 - cdf, SpecialFunctions.KolmogorovSmirnovPValue(d, n), 1e-13);

    [Fact]
    public void KolmogorovSmirnovPValue_WhereTheMethodChanges_Agrees()
    {
        foreach (double z in (double[])[0.4, 0.6, 0.8, 1, 1.3, 1.6, 2])
        {
            double exact = SpecialFunctions.KolmogorovExact(z / Math.Sqrt(101), 101);
            Assert.Equal(1 - exact, SpecialFunctions.KolmogorovSmirnovPValue(z / Math.Sqrt(101), 101), 2e-4);
        }
    }

    [Fact]
    public void Functions_OutOfDomain_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SpecialFunctions.NormalQuantile(1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpecialFunctions.NormalQuantile(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpecialFunctions.ErfcInv(-0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpecialFunctions.GammaP(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpecialFunctions.BetaRegularized(1, -1, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpecialFunctions.KolmogorovSmirnovPValue(1.5, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpecialFunctions.ChiSquaredQuantile(0.5, 0));
    }

    private static double Evaluate(string name, double a, double b, double c) => name switch
    {
        "Log1p" => SpecialFunctions.Log1p(a),
        "Expm1" => SpecialFunctions.Expm1(a),
        "Softplus" => SpecialFunctions.Softplus(a),
        "Sigmoid" => SpecialFunctions.Sigmoid(a),
        "LogAddExp" => SpecialFunctions.LogAddExp(a, b),
        "LogSubExp" => SpecialFunctions.LogSubExp(a, b),
        "Erf" => SpecialFunctions.Erf(a),
        "Erfc" => SpecialFunctions.Erfc(a),
        "ErfcInv" => SpecialFunctions.ErfcInv(a),
        "NormalCdf" => SpecialFunctions.NormalCdf(a),
        "NormalLogCdf" => SpecialFunctions.NormalLogCdf(a),
        "NormalQuantile" => SpecialFunctions.NormalQuantile(a),
        "NormalLogInterval" => SpecialFunctions.NormalLogInterval(a, b),
        "LogGamma" => SpecialFunctions.LogGamma(a),
        "LogBeta" => SpecialFunctions.LogBeta(a, b),
        "LogBinomial" => SpecialFunctions.LogBinomial(a, b),
        "PoissonLogPmf" => SpecialFunctions.PoissonLogPmf(a, b),
        "BinomialLogPmf" => SpecialFunctions.BinomialLogPmf(a, b, c),
        "GammaP" => SpecialFunctions.GammaP(a, b),
        "GammaQ" => SpecialFunctions.GammaQ(a, b),
        "BetaRegularized" => SpecialFunctions.BetaRegularized(a, b, c),
        "StudentTCdf" => SpecialFunctions.StudentTCdf(a, b),
        "ChiSquaredQuantile" => SpecialFunctions.ChiSquaredQuantile(a, b),
        "KolmogorovCdf" => SpecialFunctions.KolmogorovCdf(a),
        "KolmogorovSurvival" => SpecialFunctions.KolmogorovSurvival(a),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such function in the table."),
    };
}
