using System.Numerics;
using Quincunx.Inference.Mechanisms;

namespace Quincunx.Tests.Inference.Mechanisms.Explaining;

/// <summary>A Markov chain over three states, seen through normal noise; theta is the standard deviation of the noise.</summary>
internal sealed class HiddenMarkovChain(int steps) : IMechanism
{
    public const int States = 3;

    private static readonly double[] First = [0.5, 0.3, 0.2];
    private static readonly double[][] Next = [[0.7, 0.2, 0.1], [0.15, 0.7, 0.15], [0.1, 0.3, 0.6]];
    private static readonly double[] Level = [-1, 0.5, 2];

    public IReadOnlyList<string> ParameterNames { get; } = ["noise"];

    public IReadOnlyList<string> OutputNames { get; } = [.. Enumerable.Range(0, steps).Select(t => $"x_{t}")];

    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        int state = 0;
        Span<TReal> weights = stackalloc TReal[States];
        for (int t = 0; t < steps; t++)
        {
            double[] row = t == 0 ? First : Next[state];
            for (int k = 0; k < States; k++)
            {
                weights[k] = TReal.CreateTruncating(row[k]);
            }

            state = trace.Pick<TReal, TTrace>(new Site("state", t), weights);
            x[t] = trace.Draw(Site.Output(t), Law.Normal(TReal.CreateTruncating(Level[state]), theta[0]));
        }
    }

    /// <summary>P(state t = k | x), P(state t = state t+1 | x) and log p(x), by the forward-backward algorithm (Rabiner 1989, Proc. IEEE 77, 257).</summary>
    public static (double[,] States, double[] Stays, double LogEvidence) Exact(double noise, double[] x)
    {
        int n = x.Length;
        double[,] forward = new double[n, States], backward = new double[n, States], marginals = new double[n, States];
        double evidence = 0;
        for (int t = 0; t < n; t++)
        {
            for (int k = 0; k < States; k++)
            {
                double before = t == 0 ? First[k] : Enumerable.Range(0, States).Sum(j => forward[t - 1, j] * Next[j][k]);
                forward[t, k] = before * Density(t, k);
                evidence += t == n - 1 ? forward[t, k] : 0;
            }
        }

        double[] stays = new double[n - 1];
        for (int t = n - 1; t >= 0; t--)
        {
            for (int k = 0; k < States; k++)
            {
                backward[t, k] = t == n - 1 ? 1 : Enumerable.Range(0, States).Sum(j => Next[k][j] * Density(t + 1, j) * backward[t + 1, j]);
                marginals[t, k] = forward[t, k] * backward[t, k] / evidence;
                if (t < n - 1)
                {
                    stays[t] += forward[t, k] * Next[k][k] * Density(t + 1, k) * backward[t + 1, k] / evidence;
                }
            }
        }

        return (marginals, stays, Math.Log(evidence));

        double Density(int t, int k) => Math.Exp(-0.5 * Math.Pow((x[t] - Level[k]) / noise, 2)) / (noise * Math.Sqrt(2 * Math.PI));
    }
}
