using System.Numerics;
using Quincunx.Inference.Distributions;
using Quincunx.Inference.Mechanisms;

namespace Quincunx.Tests.Inference.Mechanisms;

/// <summary>Every law, as a function of its parameters, beside the distribution it must agree with.</summary>
public static class LawCases
{
    private static readonly Dictionary<string, LawCase> Rows = new(StringComparer.Ordinal)
    {
        ["normal"] = new([0.7, 2.5], p => new Normal(p[0], p[1]), [-9, 0.7, 8]),
        ["log-normal"] = new([0.3, 0.8], p => new LogNormal(p[0], p[1]), [1e-3, 1, 40]),
        ["uniform"] = new([-1.5, 2], p => new Uniform(p[0], p[1]), [-1.4, 0, 1.999]),
        ["exponential"] = new([0.4], p => new Exponential(p[0]), [1e-9, 1, 50]),
        ["gamma"] = new([2.3, 0.7], p => new Gamma(p[0], p[1]), [1e-3, 2, 60]),
        ["gamma small shape"] = new([0.2, 3], p => new Gamma(p[0], p[1]), [1e-6, 0.1, 5]),
        ["beta"] = new([2.5, 0.6], p => new Beta(p[0], p[1]), [1e-3, 0.5, 0.9999]),
        ["student-t"] = new([3.5, 1, 2], p => new StudentT(p[0], p[1], p[2]), [-100, 1.2, 30]),
        ["bernoulli"] = new([0.3], p => new Categorical(1 - p[0], p[0]), [0, 1]),
        ["bernoulli logit"] = new([-0.8], p => new Categorical(1 - (1 / (1 + Math.Exp(-p[0]))), 1 / (1 + Math.Exp(-p[0]))), [0, 1]),
        ["binomial"] = new([0.15], p => new Categorical(Binomial(12, p[0])), [0, 3, 12]),
        ["poisson"] = new([3.7], p => new Categorical(Poisson(80, p[0])), [0, 3, 15]),
        ["categorical"] = new([0.5, 0.2, 1.3], p => new Categorical(p), [0, 1, 2]),
    };

    public static TheoryData<string> Names => [.. Rows.Keys];

    public static LawCase Of(string name) => Rows[name];

    /// <summary>Calls <paramref name="use"/> with the law of a name at some parameters.</summary>
    public static TResult With<TReal, TResult, TUse>(string name, ReadOnlySpan<TReal> p, TUse use)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TUse : ILawUse<TReal, TResult> => name switch
        {
            "normal" => use.Apply(Law.Normal(p[0], p[1])),
            "log-normal" => use.Apply(Law.LogNormal(p[0], p[1])),
            "uniform" => use.Apply(Law.Uniform(p[0], p[1])),
            "exponential" => use.Apply(Law.Exponential(p[0])),
            "gamma" or "gamma small shape" => use.Apply(Law.Gamma(p[0], p[1])),
            "beta" => use.Apply(Law.Beta(p[0], p[1])),
            "student-t" => use.Apply(Law.StudentT(p[0], p[1], p[2])),
            "bernoulli" => use.Apply(Law.Bernoulli(p[0])),
            "bernoulli logit" => use.Apply(Law.BernoulliLogit(p[0])),
            "binomial" => use.Apply(Law.Binomial(12, p[0])),
            "poisson" => use.Apply(Law.Poisson(p[0])),
            "categorical" => use.Apply(Law.Categorical(p)),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Expected a law of the table."),
        };

    private static double[] Binomial(int n, double p) => [.. Enumerable.Range(0, n + 1).Select(k => Choose(n, k) * Math.Pow(p, k) * Math.Pow(1 - p, n - k))];

    private static double Choose(int n, int k) => Enumerable.Range(1, k).Aggregate(1.0, (c, i) => c * (n - k + i) / i);

    private static double[] Poisson(int most, double mean)
    {
        double[] pmf = new double[most];
        pmf[0] = Math.Exp(-mean);
        for (int k = 1; k < most; k++)
        {
            pmf[k] = pmf[k - 1] * mean / k;
        }

        return pmf;
    }
}

/// <param name="Parameters">Where to try it.</param>
/// <param name="Reference">The same law by other code.</param>
/// <param name="Points">Values in its support, tails among them.</param>
public sealed record LawCase(double[] Parameters, Func<double[], ScalarDistribution> Reference, double[] Points);

/// <summary>Something to do with a law whose type is not known beforehand.</summary>
public interface ILawUse<TReal, TResult>
    where TReal : unmanaged, IFloatingPointIeee754<TReal>
{
    TResult Apply<TLaw>(TLaw law)
        where TLaw : struct, ILaw<TReal>, allows ref struct;
}
