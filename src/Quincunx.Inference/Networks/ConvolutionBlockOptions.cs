using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Settings of a <see cref="ConvolutionBlock"/>.</summary>
public sealed record ConvolutionBlockOptions
{
    /// <summary>Axes of the grid, 1 to 3.</summary>
    public int Axes { get; init; } = 2;

    /// <summary>Length of the window along each axis: odd, so that the grid keeps its size.</summary>
    public int Window { get; init; } = 3;

    /// <summary>What lies beyond the edges: zeros, or the other side.</summary>
    public PaddingKind Padding { get; init; }

    /// <summary>Groups of <see cref="GroupNorm"/>, dividing the channels; 0 for no norm.</summary>
    public int NormGroups { get; init; } = 1;

    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Whether the block adds to what it is given.</summary>
    public bool IsResidual { get; init; } = true;

    public GridPooling Pooling { get; init; }

    public DType DType { get; init; } = DType.Float32;

    internal ConvolutionBlockOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Axes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Axes, 3);
        ArgumentOutOfRangeException.ThrowIfNegative(NormGroups);
        return Window > 0 && Window % 2 == 1 ? this
            : throw new ArgumentException($"Expected an odd window, got {Window}.", nameof(Window));
    }
}
