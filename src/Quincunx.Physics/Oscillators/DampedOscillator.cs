using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;

namespace Quincunx.Physics.Oscillators;

/// <summary>A damped harmonic oscillator that is struck at an unknown time, seen with noise.</summary>
/// <remarks>
/// <para>
/// y'' + 2 β ω₀ y' + ω₀² y = δ(t − τ): at rest before τ, and y(t) = e^(−β ω₀ (t − τ)) sin(ω (t − τ)) / ω after it, with ω = ω₀ √(1 − β²). What is seen at time tᵢ is
/// Normal(y(tᵢ), σ²). To strike later moves the data by as much: the symmetry that M. Dax et al. 2022, "Group equivariant neural posterior estimation", ICLR, arXiv:2111.13139,
/// build into inference, with this oscillator as the example.
/// </para>
/// <para>
/// Parameters: <c>omega_0</c>, undamped angular frequency, rad/s, positive; <c>beta</c>, damping ratio, 0 to below 1; <c>tau</c>, time of the stroke, s. There 3 to 10 rad/s and 0.2 to 0.5.
/// The density has a kink wherever τ passes a time of observation; elsewhere it is smooth.
/// </para>
/// </remarks>
public sealed class DampedOscillator : IMechanism, ILikelihood
{
    private readonly double[] _times;

    /// <param name="points">Times of observation, at least 2, at equal distances from 0 to the end.</param>
    /// <param name="endSeconds">Last time, s, positive.</param>
    /// <param name="noise">Standard deviation σ of one observation, positive. For comparison: y reaches about 1 / ω₀.</param>
    public DampedOscillator(int points = 201, double endSeconds = 10, double noise = 0.02)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        if (!(endSeconds > 0 && double.IsFinite(endSeconds) && noise > 0 && double.IsFinite(noise)))
        {
            throw new ArgumentException($"Expected a positive, finite end and noise, got {endSeconds} and {noise}.");
        }

        _times = [.. Enumerable.Range(0, points).Select(i => i * endSeconds / (points - 1))];
        Noise = noise;
        OutputNames = [.. Enumerable.Range(0, points).Select(i => $"y_{i}")];
    }

    /// <summary>Standard deviation of one observation.</summary>
    public double Noise { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["omega_0", "beta", "tau"];

    /// <summary>Observations, in order of time.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <inheritdoc/>
    /// <remarks>Choices: the outputs.</remarks>
    /// <exception cref="ArgumentException">A parameter is out of range.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        (TReal damping, TReal frequency) = Motion(theta);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = trace.Draw(Site.Output(i), Law.Normal(Displacement(damping, frequency, TReal.CreateTruncating(_times[i]) - theta[2]), TReal.CreateTruncating(Noise)));
        }
    }

    /// <summary>The displacement without noise.</summary>
    /// <param name="theta">Shape <c>[3]</c>.</param>
    /// <param name="seconds">Any time.</param>
    /// <exception cref="ArgumentException">A parameter is out of range.</exception>
    public static double Displacement(ReadOnlySpan<double> theta, double seconds)
    {
        (double damping, double frequency) = Motion(theta);
        return Displacement(damping, frequency, seconds - theta[2]);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A span has another length than its names, or a parameter is out of range.</exception>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        SimulatorShape.Check(this, theta.Length, x.Length);
        (double damping, double frequency) = Motion(theta);
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += Law.Normal(Displacement(damping, frequency, _times[i] - theta[2]), Noise).LogProb(x[i]);
        }

        return sum;
    }

    // β ω₀ and ω.
    private static (TReal Damping, TReal Frequency) Motion<TReal>(ReadOnlySpan<TReal> theta)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        if (theta.Length != 3 || !(theta[0] > TReal.Zero && theta[1] >= TReal.Zero && theta[1] < TReal.One && TReal.IsFinite(theta[0]) && TReal.IsFinite(theta[2])))
        {
            throw new ArgumentException("Expected omega_0 above 0, beta from 0 to below 1, and a finite tau.", nameof(theta));
        }

        return (theta[1] * theta[0], theta[0] * TReal.Sqrt((TReal.One - theta[1]) * (TReal.One + theta[1])));
    }

    // Since the stroke; 0 before it.
    private static TReal Displacement<TReal>(TReal damping, TReal frequency, TReal since)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
    {
        TReal after = TReal.Max(since, TReal.Zero);
        return TReal.Exp(-damping * after) * TReal.Sin(frequency * after) / frequency;
    }
}
