using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Autodiff;

/// <summary>Pulls a gradient back through one recorded operation, in terms of operations.</summary>
/// <param name="output">The operation's result, as recorded.</param>
/// <param name="gradient">d loss / d output, in the output's shape.</param>
/// <param name="pull">The operation's inputs, which of their gradients are wanted, and where to put them.</param>
internal delegate void PullBack(Tensor output, Tensor gradient, Pull pull);

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

/// <summary>One recorded operation: its inputs and its derivative rule.</summary>
/// <remarks>
/// A rule is written in tensor operations, so it can itself be recorded and differentiated: that is what makes derivatives of
/// any order. Where nobody will differentiate the gradient (<see cref="Recording.IsOn"/> is false while it is computed), a rule may
/// take a fused shortcut.
/// </remarks>
internal sealed class Node(PullBack rule, params Tensor[] inputs)
{
    [ThreadStatic]
    private static long _clock;

    public Tensor[] Inputs { get; } = inputs;

    public PullBack Rule { get; } = rule;

    /// <summary>Grows with every operation of a thread: an output is always later than its inputs.</summary>
    public long Time { get; } = ++_clock;
}
