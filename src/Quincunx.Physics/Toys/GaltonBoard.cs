using System.Numerics;
using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Simulation;

namespace Quincunx.Physics.Toys;

/// <summary>A Galton board: at each of its rows of nails a ball turns right with the same probability.</summary>
/// <remarks>The bin x is Binomial(rows, θ), so with a uniform prior the posterior is Beta(x + 1, rows − x + 1).</remarks>
public sealed class GaltonBoard : IMechanism, ILikelihood
{
    private readonly double[] _logChoose;

    /// <param name="rows">Rows of nails, positive.</param>
    public GaltonBoard(int rows = 20)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        Rows = rows;
        _logChoose = new double[rows + 1];
        for (int k = 1; k <= rows; k++)
        {
            _logChoose[k] = _logChoose[k - 1] + Math.Log((double)(rows - k + 1) / k);
        }
    }

    /// <summary>Rows of nails.</summary>
    public int Rows { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["theta"];

    /// <summary>The bin, from 0 (all turns left) to <see cref="Rows"/>.</summary>
    public IReadOnlyList<string> OutputNames { get; } = ["bin"];

    /// <inheritdoc/>
    /// <remarks>Choices: <c>nail[row]</c>, 1 for a turn to the right.</remarks>
    /// <exception cref="ArgumentException">The probability is not in [0, 1].</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        int right = 0;
        for (int row = 0; row < Rows; row++)
        {
            right += trace.Flip(new Site("nail", row), theta[0]) ? 1 : 0;
        }

        x[0] = TReal.CreateTruncating(right);
    }

    /// <inheritdoc/>
    /// <remarks>A log-probability. NaN for a NaN bin.</remarks>
    /// <exception cref="ArgumentException">A span is not of length 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1].</exception>
    public double LogLikelihood(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        Check(theta, x);
        double right = x[0];
        if (double.IsNaN(right))
        {
            return double.NaN;
        }

        if (right < 0 || right > Rows || right != Math.Floor(right))
        {
            return double.NegativeInfinity;
        }

        return _logChoose[(int)right] + Times(right, theta[0]) + Times(Rows - right, 1 - theta[0]);

        static double Times(double count, double probability) => count == 0 ? 0 : count * Math.Log(probability);
    }

    private static void Check(ReadOnlySpan<double> theta, ReadOnlySpan<double> x)
    {
        if (theta.Length != 1 || x.Length != 1)
        {
            throw new ArgumentException($"Expected 1 parameter and 1 output, got {theta.Length} and {x.Length}.");
        }

        if (!(theta[0] >= 0 && theta[0] <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(theta), theta[0], "Expected a probability from 0 to 1.");
        }
    }
}
