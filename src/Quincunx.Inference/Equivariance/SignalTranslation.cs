using Quincunx.Inference.Distributions;

namespace Quincunx.Inference.Equivariance;

/// <summary>A signal at equally spaced times, moved in time by whole samples, and the parameter that is its time.</summary>
/// <remarks>Whole samples leave white noise white, as interpolation would not; what is left of a pose, at most half a step, the network is told. One coordinate: the shift, in the unit of the step; positive is later.</remarks>
public sealed class SignalTranslation : IPoseGroup
{
    private readonly int _time;
    private readonly double _step;
    private readonly SignalEnds _ends;

    /// <param name="dimension">Number of parameters.</param>
    /// <param name="timeParameter">Which of them is the time of the signal.</param>
    /// <param name="samples">Length of the signal.</param>
    /// <param name="step">Time between samples, in the parameter's unit.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public SignalTranslation(int dimension, int timeParameter, int samples, double step, SignalEnds ends = SignalEnds.Periodic)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentOutOfRangeException.ThrowIfNegative(timeParameter);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(timeParameter, dimension);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        (Dimension, _time, Features, _step, _ends) = (dimension, timeParameter, samples, Require.Positive(step), ends);
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int PoseDimension => 1;

    /// <inheritdoc/>
    public int Features { get; }

    /// <summary>True: whole samples.</summary>
    public bool IsDiscrete => true;

    /// <inheritdoc/>
    public IReadOnlyList<Support> PoseSupports(IReadOnlyList<Support> prior)
    {
        ArgumentNullException.ThrowIfNull(prior);
        return [prior[_time]];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Support> RelativeSupports(IReadOnlyList<Support> prior, IReadOnlyList<Support> kernel)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(kernel);
        Support[] relative = [.. prior];
        relative[_time] = new Support(-kernel[0].Upper - (_step / 2), (_step / 2) - kernel[0].Lower);
        return relative;
    }

    /// <inheritdoc/>
    public void PoseOf(ReadOnlySpan<double> theta, Span<double> pose) => pose[0] = theta[_time];

    /// <inheritdoc/>
    public double Compose(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Span<double> product)
    {
        product[0] = first[0] + second[0];
        return 0;
    }

    /// <inheritdoc/>
    public void Invert(ReadOnlySpan<double> pose, Span<double> inverse) => inverse[0] = -pose[0];

    /// <inheritdoc/>
    public void Nearest(ReadOnlySpan<double> pose, Span<double> element) => element[0] = Math.Round(pose[0] / _step) * _step;

    /// <inheritdoc/>
    public double MoveTheta(ReadOnlySpan<double> pose, ReadOnlySpan<double> theta, Span<double> moved)
    {
        theta.CopyTo(moved);
        moved[_time] += pose[0];
        return 0;
    }

    /// <inheritdoc/>
    public void MoveX(ReadOnlySpan<double> pose, ReadOnlySpan<double> x, Span<double> moved)
    {
        double samples = Math.Round(pose[0] / _step);
        if (_ends == SignalEnds.Periodic)
        {
            int shift = (int)(samples - (Features * Math.Floor(samples / Features)));      // 0 to Features - 1
            x[..(Features - shift)].CopyTo(moved[shift..]);
            x[(Features - shift)..].CopyTo(moved);
            return;
        }

        int later = (int)Math.Clamp(samples, -Features, Features);
        moved.Clear();
        if (later >= 0)
        {
            x[..(Features - later)].CopyTo(moved[later..]);
        }
        else
        {
            x[-later..].CopyTo(moved);
        }
    }
}
