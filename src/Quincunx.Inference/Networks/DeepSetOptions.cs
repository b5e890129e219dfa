using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Settings of a <see cref="DeepSet"/>.</summary>
public sealed record DeepSetOptions
{
    /// <summary>Hidden widths of the network that every element goes through.</summary>
    public IReadOnlyList<int> ElementHidden { get; init; } = [64];

    /// <summary>Features of an element as they are pooled.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Hidden widths of the network behind the pooling.</summary>
    public IReadOnlyList<int> SetHidden { get; init; } = [64];

    public SetPooling Pooling { get; init; }

    /// <summary>Heads of <see cref="SetPooling.Attention"/>; divides <see cref="Width"/>.</summary>
    public int Heads { get; init; } = 4;

    public Activation Activation { get; init; } = Activation.Relu;

    public DType DType { get; init; } = DType.Float32;
}
