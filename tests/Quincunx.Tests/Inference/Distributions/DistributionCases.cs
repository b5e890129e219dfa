using Quincunx.Inference.Distributions;

namespace Quincunx.Tests.Inference.Distributions;

/// <summary>The table of distributions: a new one gets its rows here.</summary>
internal static class DistributionCases
{
    private const double Infinity = double.PositiveInfinity;

    /// <summary>How far the integral of a continuous case may be from 1.</summary>
    public static double Tolerance(string name) => name switch
    {
        "beta, arcsine" => 4e-8,                        // float64 cannot tell apart the last 2⁻⁵³ below 1; to the power 1/2 it is lost
        "truncated normal, far tail" => 1e-6,           // float64 steps of 2e-12 in a scale of 1e-4
        _ => 1e-9,
    };

    /// <summary>Continuous distributions of one number.</summary>
    public static TheoryData<string, ScalarDistribution> Continuous => new()
    {
        { "uniform", new Uniform(-2, 5) },
        { "uniform, far from 0", new Uniform(1e6, 1e6 + 1) },
        { "uniform, tiny", new Uniform(0, 1e-100) },
        { "normal", new Normal(0, 1) },
        { "normal, narrow", new Normal(-30, 0.01) },
        { "log-normal", new LogNormal(0, 1) },
        { "log-normal, moved", new LogNormal(Math.Log(10), 0.3) },
        { "truncated normal, positive", new TruncatedNormal(1, 0.5, 0, Infinity) },
        { "truncated normal, one deviation", new TruncatedNormal(0.05, 0.05, 0, Infinity) },
        { "truncated normal, both ends", new TruncatedNormal(0, 1, -1, 2) },
        { "truncated normal, all", new TruncatedNormal(2, 3, -Infinity, Infinity) },
        { "truncated normal, wide", new TruncatedNormal(2, 3, -100, 200) },
        { "truncated normal, upper tail", new TruncatedNormal(0, 1, 5, Infinity) },
        { "truncated normal, lower tail", new TruncatedNormal(0, 1, -Infinity, -8) },
        { "truncated normal, tail both ends", new TruncatedNormal(0, 1, 30, 31) },
        { "truncated normal, tail narrow", new TruncatedNormal(0, 1, 6, 6.01) },
        { "truncated normal, lower tail both ends", new TruncatedNormal(0, 2, -11, -9) },
        { "truncated normal, far tail", new TruncatedNormal(0, 1, 1e4, Infinity) },
        { "truncated normal, half above", new TruncatedNormal(3, 2, 3, Infinity) },
        { "truncated normal, half below", new TruncatedNormal(3, 2, -Infinity, 3) },
        { "truncated normal, middle", new TruncatedNormal(0, 1, -0.1, 0.1) },
        { "half-normal", new HalfNormal(2) },
        { "beta", new Beta(2, 3) },
        { "beta, flat", new Beta(1, 1) },
        { "beta, arcsine", new Beta(0.5, 0.5) },
        { "beta, singular at 0", new Beta(0.05, 4) },
        { "beta, singular at 1", new Beta(1, 0.7) },
        { "beta, narrow", new Beta(4000, 300) },
        { "gamma", new Gamma(3, 2) },
        { "gamma, singular", new Gamma(0.3, 2) },
        { "gamma, narrow", new Gamma(5000, 0.1) },
        { "exponential", new Exponential(0.25) },
        { "student, cauchy", new StudentT(1) },
        { "student, heavier than cauchy", new StudentT(0.7, 2, 3) },
        { "student, no fourth moment", new StudentT(2.5, 2, 0.5) },
        { "student, light", new StudentT(100) },
    };

    /// <summary>Two-dimensional ones.</summary>
    public static TheoryData<string, IDistribution> Planar => new()
    {
        { "multivariate normal", Correlated },
        { "mixture", new Mixture([1, 3], Correlated, new MultivariateNormal([3, 3], [1, 0, 0, 1])) },
        { "mixture of products", new Mixture(
            [2, 1],
            new IndependentProduct(("a", new Gamma(2, 1)), ("b", new Normal(0, 1))),
            new IndependentProduct(("a", new LogNormal(1, 0.5)), ("b", new Normal(2, 0.5)))) },
        { "product", new IndependentProduct(("a", new Gamma(2, 1)), ("b", new Beta(2, 3))) },
        { "box", new Box([-1, 10], [1, 12]) },
        { "copula", new GaussianCopula([new LogNormal(0, 0.5), new TruncatedNormal(1, 0.5, 0, Infinity)], [1, 0.6, 0.6, 1]) },
        { "copula, bounded", new GaussianCopula([new Uniform(-1, 3), new Beta(2, 3)], [1, -0.5, -0.5, 1]) },
    };

    public static MultivariateNormal Correlated => new([1, -2], [2, -0.9, -0.9, 0.5]);

    /// <summary>Distribution, point, log-density.</summary>
    /// <remarks>The densities' closed forms in mpmath 1.3.0 with 50 digits (120 for the tails of truncated normals), rounded to 20.</remarks>
    public static TheoryData<ScalarDistribution, double, double> LogDensities => new()
    {
        { new Uniform(-2, 5), 1.0, -1.9459101490553133051 },
        { new Uniform(-2, 5), 5.0, -1.9459101490553133051 },
        { new Normal(-30, 0.01), -29.99, 3.1862316527832623069 },
        { new LogNormal(-1, 1), 1e-10, -220.46214219724365882 },
        { new HalfNormal(2), 0.0, -0.91893853320467274178 },
        { new HalfNormal(2), 3.0, -2.0439385332046727418 },
        { new Exponential(0.25), 0.0, -1.3862943611198906188 },
        { new Exponential(0.25), 100.0, -26.386294361119890619 },
        { new Gamma(0.3, 2), 1e-300, 482.65501568809950932 },
        { new Gamma(0.3, 2), 5.0, -12.014460379353962256 },
        { new Gamma(50, 0.1), 480.0, -5.1794795048522760578 },
        { new Gamma(100000000.0, 2), 50001000.0, -9.4561514585915794377 },
        { new Gamma(1, 3), 0.5, -0.4013877113318903086 },
        { new Gamma(1, 3), 0.0, 1.0986122886681096914 },
        { new Beta(2, 3), 0.2, 0.42918163472548045185 },
        { new Beta(0.5, 0.5), 1e-200, 229.11377941355516824 },
        { new Beta(0.3, 4), 0.9, -7.5405393357006207603 },
        { new Beta(10000.0, 20000.0), 0.33, 4.2401012533929210887 },
        { new Beta(1, 3), 0.0, 1.0986122886681096914 },
        { new StudentT(1, 0, 1), 0.0, -1.1447298858494001741 },
        { new StudentT(5, 2, 0.5), -40.0, -22.034184561741518225 },
        { new StudentT(0.7, 0, 1), 1e+200, -784.40411890194688346 },
        { new StudentT(1000000.0, 0, 1), 3.0, -5.4189230333059220431 },
        { new TruncatedNormal(1, 0.5, 0, Infinity), 0.7, -0.38277844331576399719 },
        { new TruncatedNormal(0.05, 0.05, 0, Infinity), 0.0, 1.7495475193727680857 },
        { new TruncatedNormal(0, 1, -1, 2), 0.3, -0.7637722388802101585 },
        { new TruncatedNormal(0, 1, 5, Infinity), 5.5, -0.9789401392159470057 },
        { new TruncatedNormal(0, 1, -Infinity, -8), -8.1, 1.2894986267098800314 },
        { new TruncatedNormal(0, 1, 30, 31), 30.2, -2.6176945768613992462 },
        { new TruncatedNormal(0, 1, 6, 6.0001), 6.00005, 9.2103403573949300319 },
        { new TruncatedNormal(0, 1, 1000, Infinity), 1000.002, 4.9077542790269308835 },
        { new TruncatedNormal(3, 2, 3, Infinity), 4.0, -1.0439385332046727418 },
        { new TruncatedNormal(3, 2, -Infinity, 3), 1.0, -1.4189385332046727418 },
        { new TruncatedNormal(0, 1, -Infinity, Infinity), 2.0, -2.9189385332046727418 },
        { new TruncatedNormal(0, 1, -0.1, 0.1), 0.05, 1.6098534683425657138 },
        { new TruncatedNormal(5, 0.001, -2, -1), -1.0000001, 15.007270049619784625 },
    };
}
