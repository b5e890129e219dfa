using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Settings of a <see cref="LatticeNetwork"/>.</summary>
public sealed record LatticeNetworkOptions
{
    /// <summary>Axes of the lattice, 1 to 3.</summary>
    public int Axes { get; init; } = 2;

    /// <summary>Side of the windows; odd.</summary>
    public int Side { get; init; } = 3;

    /// <summary>Channels of the hidden layers.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [8, 8];

    public LatticeSymmetry Symmetry { get; init; } = LatticeSymmetry.Translations;

    public FieldParity Parity { get; init; } = FieldParity.None;

    /// <summary>An odd network needs one that is odd itself: Tanh.</summary>
    public Activation Activation { get; init; } = Activation.Tanh;

    /// <summary>How the last layer's weights start; <see cref="Initialiser.Zeros"/> makes the network start at zero.</summary>
    public Initialiser Output { get; init; } = Initialiser.LeCunUniform;

    public DType DType { get; init; } = DType.Float32;

    internal LatticeNetworkOptions Checked()
    {
        ArgumentNullException.ThrowIfNull(Hidden);
        if (Parity == FieldParity.Odd && Activation != Activation.Tanh)
        {
            throw new ArgumentException($"Expected Tanh, which is odd, between the layers of an odd network, got {Activation}.", nameof(Activation));
        }

        return Parity == FieldParity.Even && Hidden.Count == 0
            ? throw new ArgumentException("Expected a hidden layer in an even network: a convolution alone is odd.", nameof(Hidden))
            : this;
    }
}
