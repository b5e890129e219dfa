using System.Numerics;
using Quincunx.Inference.Mechanisms;

namespace Quincunx.Tests.Inference.Mechanisms.Explaining;

/// <summary>A mixture of one to three normals of unit width with unknown means: the number of choices depends on the choices.</summary>
/// <remarks>theta is the standard deviation of the means. With a single component the points carry no labels.</remarks>
internal sealed class UnknownMixture(int points) : IMechanism
{
    public const int Most = 3;

    private static readonly double[] Prior = [0.4, 0.35, 0.25];

    public IReadOnlyList<string> ParameterNames { get; } = ["spread"];

    public IReadOnlyList<string> OutputNames { get; } = [.. Enumerable.Range(0, points).Select(i => $"x_{i}")];

    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        Span<TReal> weights = stackalloc TReal[Most], means = stackalloc TReal[Most];
        for (int k = 0; k < Most; k++)
        {
            weights[k] = TReal.CreateTruncating(Prior[k]);
        }

        int components = 1 + trace.Pick<TReal, TTrace>(new Site("components"), weights);
        for (int k = 0; k < components; k++)
        {
            means[k] = trace.Draw(new Site("mean", k), Law.Normal(TReal.Zero, theta[0]));
            weights[k] = TReal.One;
        }

        for (int i = 0; i < points; i++)
        {
            int label = components == 1 ? 0 : trace.Pick<TReal, TTrace>(new Site("label", i), weights[..components]);
            x[i] = trace.Draw(Site.Output(i), Law.Normal(means[label], TReal.One));
        }
    }

    public static int Components(TraceRecord record) => 1 + (int)record[new Site("components")];

    public static int Label(TraceRecord record, int point) => record.TryGet(new Site("label", point), out TraceEntry entry) ? (int)entry.Value : 0;

    /// <summary>By enumeration of the numbers of components and of the labels, with the means integrated out.</summary>
    /// <returns>P(k + 1 components | x), P(points 0 and 1 share a component | x), E[the mean point 0 comes from | x], log p(x).</returns>
    public static (double[] Components, double Together, double Source, double LogEvidence) Exact(double spread, double[] x)
    {
        double[] components = new double[Most];
        double together = 0, source = 0;
        for (int k = 1; k <= Most; k++)
        {
            int ways = (int)Math.Pow(k, x.Length);
            for (int way = 0; way < ways; way++)
            {
                double weight = Prior[k - 1] / ways, first = 0;
                int[] labels = [.. Enumerable.Range(0, x.Length).Select(i => way / (int)Math.Pow(k, i) % k)];
                for (int c = 0; c < k; c++)
                {
                    double[] group = [.. x.Where((_, i) => labels[i] == c)];
                    weight *= Marginal(group);
                    first = labels[0] == c ? group.Sum() / (group.Length + (1 / (spread * spread))) : first;
                }

                components[k - 1] += weight;
                together += labels[0] == labels[1] ? weight : 0;
                source += weight * first;
            }
        }

        double evidence = components.Sum();
        return ([.. components.Select(c => c / evidence)], together / evidence, source / evidence, Math.Log(evidence));

        // x = mean + noise with mean ~ N(0, s²): covariance I + s² 1 1ᵀ, its inverse by Sherman and Morrison, its determinant 1 + n s².
        double Marginal(double[] group)
        {
            double growth = 1 + (group.Length * spread * spread), sum = group.Sum();
            double square = group.Sum(v => v * v) - (spread * spread * sum * sum / growth);
            return Math.Exp(-0.5 * square) * Math.Pow(2 * Math.PI, -0.5 * group.Length) / Math.Sqrt(growth);
        }
    }
}
