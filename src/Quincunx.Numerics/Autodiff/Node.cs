using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Autodiff;

/// <summary>One recorded operation: its inputs and its derivative rule.</summary>
/// <remarks>
/// A rule is written in tensor operations, so it can itself be recorded and differentiated: that is what makes derivatives of
/// any order. Where nobody will differentiate the gradient (<see cref="Recording.IsOn"/> is false while it is computed), a rule may
/// take a fused shortcut. Nodes are immutable, so several threads may differentiate through one record at the same time.
/// </remarks>
internal sealed class Node(PullBack rule, double number, params Tensor[] inputs)
{
    public Tensor[] Inputs { get; } = inputs;

    public PullBack Rule { get; } = rule;

    /// <summary>The number an operation was applied with; 0 for operations that take none.</summary>
    public double Number { get; } = number;
}
