using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Autodiff;

/// <summary>What a derivative rule is asked for.</summary>
internal readonly ref struct Pull(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> wanted, Span<Tensor?> into)
{
    private readonly Span<Tensor?> _into = into;

    /// <summary>The operation's inputs, in its own order.</summary>
    public ReadOnlySpan<Tensor> Inputs { get; } = inputs;

    /// <summary>Which inputs lead to what is differentiated; the rest need not be set.</summary>
    public ReadOnlySpan<bool> Wanted { get; } = wanted;

    /// <summary>Sets d loss / d input, in the input's shape.</summary>
    public void Set(int input, Tensor gradient) => _into[input] = gradient;
}
