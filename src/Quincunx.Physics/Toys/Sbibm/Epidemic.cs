using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;
using Quincunx.Physics.Dynamics;

namespace Quincunx.Physics.Toys.Sbibm;

/// <summary>An epidemic without births and deaths (SIR), followed by ten surveys of a thousand people each.</summary>
/// <remarks>
/// <para>
/// dS/dt = −β S I / N, dI/dt = β S I / N − γ I, N = 10⁶, I = 1 and S = N − 1 at the start; β and γ are per day. On days 0, 17, ..., 153 a thousand people are tested, and x
/// is Binomial(1000, I / N) of them. The task "SIR" of Lueckmann et al. 2021 (arXiv:2101.04653), prior β ~ LogNormal(ln 0.4, 0.5), γ ~ LogNormal(ln 0.125, 0.2).
/// </para>
/// <para>
/// In the share of susceptible and that of infected people these are the Lotka-Volterra equations with a prey that does not grow, solved in logarithms: log I is good to
/// about 1e-8 over the prior. A simulation whose solver gives up (at rates of hundreds a day) is all NaN.
/// </para>
/// </remarks>
public sealed class Epidemic : IMechanism, ILikelihood
{
    private const double FirstShare = 1e-6, DaysBetween = 17;
    private const int Surveys = 10, Tested = 1000;

    /// <summary>Infections and recoveries of an infected person, a day.</summary>
    public IReadOnlyList<string> ParameterNames { get; } = ["beta", "gamma"];

    /// <summary>Infected people in each survey, by its day; 0 to 1000.</summary>
    public IReadOnlyList<string> OutputNames { get; } = [.. Enumerable.Range(0, Surveys).Select(i => $"infected_{i * DaysBetween}")];

    /// <inheritdoc/>
    /// <remarks>Choices: the outputs. Computed: <c>infected[survey]</c>, the share of the population.</remarks>
    /// <exception cref="ArgumentException">A parameter is not positive and finite.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        Span<TReal> infected = stackalloc TReal[Surveys];
        if (!Solve(theta, infected))
        {
            x.Fill(TReal.NaN);
            return;
        }

        for (int i = 0; i < Surveys; i++)
        {
            TReal share = trace.Let(new Site("infected", i), infected[i]);
            x[i] = trace.Draw(Site.Output(i), Law.Binomial(Tested, share));
        }
    }

    /// <inheritdoc/>
    /// <remarks>A log-probability. NaN if <paramref name="x"/> has one, or if the solver gives up.</remarks>
    /// <exception cref="ArgumentException">A span has another length than its names, or a parameter is not positive and finite.</exception>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        SimulatorShape.Check(this, theta.Length, x.Length);
        Span<double> infected = stackalloc double[Surveys];
        if (!Solve(theta, infected))
        {
            return double.NaN;
        }

        double sum = 0;
        for (int i = 0; i < Surveys; i++)
        {
            sum += Law.Binomial(Tested, infected[i]).LogProb(x[i]);
        }

        return sum;
    }

    /// <summary>Shares of infected people at the surveys, from 0 to 1.</summary>
    private static bool Solve<TReal>(ReadOnlySpan<TReal> theta, Span<TReal> infected)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        Parameters.CheckPositive(theta);
        Span<TReal> logSusceptible = stackalloc TReal[Surveys];
        var unit = TReal.CreateTruncating(DaysBetween);
        TReal beta = unit * theta[0], gamma = unit * theta[1];
        bool solved = LotkaVolterra.SolveOver(
            TReal.Zero, beta, gamma, beta, TReal.CreateTruncating(Math.Log(1 - FirstShare)), TReal.CreateTruncating(Math.Log(FirstShare)), logSusceptible, infected);
        foreach (ref TReal share in infected)
        {
            share = TReal.Min(TReal.Exp(share), TReal.One);
        }

        return solved;
    }
}
