using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Settings of a <see cref="ResidualMlp"/>.</summary>
public sealed record ResidualMlpOptions
{
    /// <summary>Width of every hidden layer.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Number of residual blocks, each of two layers.</summary>
    public int Blocks { get; init; } = 2;

    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Length of the context that <see cref="ResidualMlp.Forward"/> takes beside x; 0 for none.</summary>
    public int ContextSize { get; init; }

    /// <summary>How the last layer's weights start; <see cref="Initialiser.Zeros"/> makes the network start at zero.</summary>
    public Initialiser Output { get; init; } = Initialiser.LeCunUniform;

    public DType DType { get; init; } = DType.Float32;

    internal ResidualMlpOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Width);
        ArgumentOutOfRangeException.ThrowIfNegative(Blocks);
        ArgumentOutOfRangeException.ThrowIfNegative(ContextSize);
        return this;
    }
}
