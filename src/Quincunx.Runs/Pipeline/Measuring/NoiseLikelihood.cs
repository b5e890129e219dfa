using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Quincunx.Inference.Simulation;
using Quincunx.Numerics.Random;
using Quincunx.Runs.Programs;

namespace Quincunx.Runs.Pipeline.Measuring;

/// <summary>The likelihood where a deterministic simulator's outputs are observed with noise: that of the noise. Each evaluation is a simulation.</summary>
/// <remarks>Zero where the simulation fails: what is learned, too, is the posterior under the prior given success.</remarks>
internal sealed class NoiseLikelihood(ISimulator simulator, StudyNoise noise) : ILikelihood
{
    private const int Tried = 20;
    private ExceptionDispatchInfo? _broken;

    /// <inheritdoc/>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        double[] outputs = new double[simulator.OutputNames.Count];
        if (_broken is not null)
        {
            return double.NaN;
        }

        try
        {
            simulator.Simulate(theta, outputs, new Rng(0));
        }
        catch (ProgramException e)
        {
            _broken = ExceptionDispatchInfo.Capture(e);         // thrown from many threads it would come out as another exception
            return double.NaN;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return double.NegativeInfinity;         // as a simulation that throws has failed elsewhere
        }

        return Array.TrueForAll(outputs, double.IsFinite) ? noise.LogLikelihood(outputs, x) : double.NegativeInfinity;
    }

    /// <exception cref="ProgramException">The simulator is a program that could no longer be used in some evaluation.</exception>
    public void ThrowIfBroken() => _broken?.Throw();

    /// <summary>Simulates some parameters twice, from different streams.</summary>
    /// <param name="thetas">Row-major.</param>
    /// <exception cref="RunException">The outputs are different.</exception>
    public void CheckDeterministic(double[] thetas)
    {
        int d = simulator.ParameterNames.Count;
        double[] few = thetas[..Math.Min(thetas.Length, Tried * d)];
        var runner = new SimulationRunner(simulator);
        SimulationSet one = runner.Run(few, 0, new Rng(0)), other = runner.Run(few, 0, new Rng(1));
        for (int row = 0; row < one.Count; row++)
        {
            Span<double> first = one.X.AsSpan(row * one.OutputCount, one.OutputCount), second = other.X.AsSpan(row * one.OutputCount, one.OutputCount);
            if (!MemoryMarshal.AsBytes(first).SequenceEqual(MemoryMarshal.AsBytes(second)))
            {
                throw new RunException(
                    $"Expected a simulator that gives the same outputs again (noise.deterministic is true), got others at {string.Join(", ", simulator.ParameterNames.Zip(few[(row * d)..((row + 1) * d)], (name, value) => FormattableString.Invariant($"{name} = {value:R}")))}. The likelihood of a simulator that is random itself is not known: leave out noise.deterministic and importance.");
            }
        }
    }
}
