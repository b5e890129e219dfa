using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;
using Quincunx.Physics.Dynamics;

namespace Quincunx.Physics.Toys.Sbibm;

/// <summary>Predators and prey (Lotka-Volterra), counted ten times with log-normal noise.</summary>
/// <remarks>
/// <para>
/// dX/dt = α X − β X Y, dY/dt = −γ Y + δ X Y, X = 30 and Y = 1 at the start. At times 0, 2.1, ..., 18.9 both are seen with noise, ln x ~ Normal(ln u, 0.1) with u the population,
/// but at least 10⁻¹⁰ and at most 10⁴. The task "Lotka-Volterra" of Lueckmann et al. 2021 (arXiv:2101.04653), prior α, γ ~ LogNormal(−0.125, 0.5) and
/// β, δ ~ LogNormal(−3, 0.5). α and γ are per unit of time, β and δ per unit of time and animal.
/// </para>
/// <para>ln X and ln Y are good to about 1e-8 over the prior. A simulation whose solver gives up (at rates of hundreds) is all NaN.</para>
/// </remarks>
public sealed class PredatorPrey : IMechanism, ILikelihood
{
    private const double FirstPrey = 30, FirstPredators = 1, Interval = 2.1, LogSd = 0.1, Least = 1e-10, Most = 1e4;
    private const int Times = 10;

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["alpha", "beta", "gamma", "delta"];

    /// <summary>Prey at the ten times, then predators at the ten times.</summary>
    public IReadOnlyList<string> OutputNames { get; } =
        [.. Enumerable.Range(1, Times).Select(i => $"prey_{i}"), .. Enumerable.Range(1, Times).Select(i => $"predators_{i}")];

    /// <inheritdoc/>
    /// <remarks>Choices: the outputs. Computed: <c>log_population[output]</c>.</remarks>
    /// <exception cref="ArgumentException">A parameter is not positive and finite.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        Span<TReal> log = stackalloc TReal[2 * Times];
        if (!Solve(theta, log))
        {
            x.Fill(TReal.NaN);
            return;
        }

        var sd = TReal.CreateTruncating(LogSd);
        for (int i = 0; i < log.Length; i++)
        {
            TReal median = trace.Let(new Site("log_population", i), log[i]);
            x[i] = trace.Draw(Site.Output(i), Law.LogNormal(median, sd));
        }
    }

    /// <inheritdoc/>
    /// <remarks>NaN if <paramref name="x"/> has one, or if the solver gives up.</remarks>
    /// <exception cref="ArgumentException">A span has another length than its names, or a parameter is not positive and finite.</exception>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        SimulatorShape.Check(this, theta.Length, x.Length);
        Span<double> log = stackalloc double[2 * Times];
        if (!Solve(theta, log))
        {
            return double.NaN;
        }

        double sum = 0;
        for (int i = 0; i < log.Length; i++)
        {
            sum += Law.LogNormal(log[i], LogSd).LogProb(x[i]);
        }

        return sum;
    }

    private static bool Solve<TReal>(ReadOnlySpan<TReal> theta, Span<TReal> log)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        Parameters.CheckPositive(theta);
        var unit = TReal.CreateTruncating(Interval);
        bool solved = LotkaVolterra.SolveOver(
            unit * theta[0], unit * theta[1], unit * theta[2], unit * theta[3],
            TReal.CreateTruncating(Math.Log(FirstPrey)), TReal.CreateTruncating(Math.Log(FirstPredators)), log[..Times], log[Times..]);
        TReal least = TReal.CreateTruncating(Math.Log(Least)), most = TReal.CreateTruncating(Math.Log(Most));
        foreach (ref TReal value in log)
        {
            value = TReal.Clamp(value, least, most);
        }

        return solved;
    }
}
