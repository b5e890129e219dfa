using System.Numerics.Tensors;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;

namespace Quincunx.Physics.Dynamics;

/// <summary>Pelts of hares and lynxes traded in the years 1900 to 1920: Lotka-Volterra with log-normal noise.</summary>
/// <remarks>
/// <para>
/// du/dt = (α − β v) u and dv/dt = (−γ + δ u) v, with u hares and v lynxes in thousands of pelts and t in years. The year-1900
/// values are parameters, and they are observed with noise like all others: ln y ~ Normal(ln u(t), σ). The model is that of
/// B. Carpenter 2018, "Predator-prey population dynamics: the Lotka-Volterra model in Stan".
/// </para>
/// <para>
/// The solution is good to about 1e-9 in ln u and ln v over the prior of that study, and a simulation takes a few
/// microseconds. A simulation whose solver gives up (<see cref="LotkaVolterra.MaxSteps"/>; not once in a million draws of
/// that prior) is all NaN. A population too small for float64 is written as the smallest positive number, 4.9e-324, so that
/// outputs stay inside the support; one too large is infinite, which marks a failed simulation.
/// </para>
/// </remarks>
public sealed class LynxHare : ISimulator, ILikelihood
{
    private const int FirstYear = 1900, Years = 21, Parameters = 8;
    private const double LogSqrtTwoPi = 0.91893853320467274178;

    /// <summary>Rates of the equations (per year, and per year and thousand pelts), noise, and populations at the start of 1900.</summary>
    public IReadOnlyList<string> ParameterNames { get; } =
        ["alpha", "beta", "gamma", "delta", "sigma_hare", "sigma_lynx", "hare_1900", "lynx_1900"];

    /// <summary>Hares of 1900 to 1920, then lynxes of 1900 to 1920, in thousands of pelts.</summary>
    public IReadOnlyList<string> OutputNames { get; } =
    [
        .. Enumerable.Range(FirstYear, Years).Select(year => $"hare_{year}"),
        .. Enumerable.Range(FirstYear, Years).Select(year => $"lynx_{year}"),
    ];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span has another length than its names.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not a positive finite number.</exception>
    public void Simulate(ReadOnlySpan<double> theta, Span<double> x, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        if (!SolveInto(theta, x))
        {
            return;
        }

        Span<double> noise = stackalloc double[2 * Years];
        rng.FillNormal(noise);
        TensorPrimitives.MultiplyAdd(noise[..Years], theta[4], x[..Years], x[..Years]);
        TensorPrimitives.MultiplyAdd(noise[Years..], theta[5], x[Years..], x[Years..]);
        TensorPrimitives.Exp(x, x);
        TensorPrimitives.Max(x, double.Epsilon, x);
    }

    /// <summary>The solution without noise: logarithms of the populations in thousands of pelts.</summary>
    /// <param name="theta">Shape <c>[8]</c>, positive.</param>
    /// <param name="logPopulations">Shape <c>[42]</c>, in the order of <see cref="OutputNames"/>; overwritten, with NaN if the solver gives up.</param>
    /// <returns>Whether the solver reached 1920.</returns>
    /// <exception cref="ArgumentException">A span has another length than its names.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not a positive finite number.</exception>
    public bool SolveInto(ReadOnlySpan<double> theta, Span<double> logPopulations)
    {
        CheckLength(logPopulations.Length, nameof(logPopulations));
        CheckParameters(theta);
        int steps = LotkaVolterra.Solve(
            theta[0], theta[1], theta[2], theta[3], Math.Log(theta[6]), Math.Log(theta[7]), logPopulations[..Years], logPopulations[Years..]);
        if (steps < 0)
        {
            logPopulations.Fill(double.NaN);
        }

        return steps >= 0;
    }

    /// <inheritdoc/>
    /// <remarks>The density is over pelts, not over their logarithms. NaN if <paramref name="x"/> has one, or if the solver gives up.</remarks>
    /// <exception cref="ArgumentException">A span has another length than its names.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not a positive finite number.</exception>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        CheckLength(x.Length, nameof(x));
        Span<double> logMedian = stackalloc double[2 * Years], logX = stackalloc double[2 * Years];
        bool solved = SolveInto(theta, logMedian);
        bool possible = true;
        foreach (double pelts in x)
        {
            if (double.IsNaN(pelts))
            {
                return double.NaN;
            }

            possible &= pelts > 0 && double.IsFinite(pelts);
        }

        if (!possible || !solved)
        {
            return possible ? double.NaN : double.NegativeInfinity;
        }

        TensorPrimitives.Log(x, logX);
        double logJacobian = 0;       // d ln y / dy = 1 / y
        foreach (double value in logX)
        {
            logJacobian -= value;
        }

        TensorPrimitives.Subtract(logX, logMedian, logX);
        return logJacobian + LogNormal(logX[..Years], theta[4]) + LogNormal(logX[Years..], theta[5]);
    }

    // A plain loop: the library's sums depend, in their last bit, on where the numbers lie in memory.
    private static double LogNormal(ReadOnlySpan<double> residuals, double sigma)
    {
        double squares = 0;
        foreach (double residual in residuals)
        {
            squares += residual * residual;
        }

        return (-0.5 * squares / sigma / sigma) - (residuals.Length * (Math.Log(sigma) + LogSqrtTwoPi));
    }

    private static void CheckLength(int length, string name)
    {
        if (length != 2 * Years)
        {
            throw new ArgumentException($"Expected {2 * Years} outputs, got {length}.", name);
        }
    }

    private void CheckParameters(ReadOnlySpan<double> theta)
    {
        if (theta.Length != Parameters)
        {
            throw new ArgumentException($"Expected {Parameters} parameters, got {theta.Length}.", nameof(theta));
        }

        for (int i = 0; i < theta.Length; i++)
        {
            if (!(theta[i] > 0 && double.IsFinite(theta[i])))
            {
                throw new ArgumentOutOfRangeException(nameof(theta), theta[i], $"Expected a positive number for {ParameterNames[i]}.");
            }
        }
    }
}
