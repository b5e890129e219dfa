using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>A solution as a function of time.</summary>
/// <remarks>
/// Between the steps of Dormand and Prince's method it is their interpolant of order 4; for the other methods a cubic Hermite polynomial, whose error goes with the
/// fourth power of the step. Derivatives go through it where they went through the steps.
/// </remarks>
public sealed class DenseOutput
{
    private readonly IReadOnlyList<DenseStep<Tensor[]>> _steps;
    private readonly double _direction;

    internal DenseOutput(IReadOnlyList<DenseStep<Tensor[]>> steps)
    {
        _steps = steps;
        _direction = Math.Sign(End - Start);
    }

    public double Start => _steps[0].From;

    public double End => _steps[^1].To;

    /// <summary>The state at a time, in the shape of the state.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is NaN or outside <see cref="Start"/> to <see cref="End"/>.</exception>
    public Tensor At(double t)
    {
        if (!(_direction * (t - Start) >= 0 && _direction * (End - t) >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(t), t, $"Expected a time from {Start:R} to {End:R}.");
        }

        int low = 0, high = _steps.Count - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _direction * (_steps[middle].To - t) >= 0 ? (low, middle) : (middle + 1, high);
        }

        using var space = new TensorSpace(recorded: true, 1, 1);
        Tensor[]? state = null;
        _steps[low].At(t, space, ref state);
        return state![0];
    }
}
