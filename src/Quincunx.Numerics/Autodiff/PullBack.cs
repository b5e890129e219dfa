using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Autodiff;

/// <summary>Pulls a gradient back through one recorded operation, in terms of operations.</summary>
/// <param name="output">The operation's result, as recorded.</param>
/// <param name="gradient">d loss / d output, in the output's shape.</param>
/// <param name="pull">The operation's inputs, which of their gradients are wanted, and where to put them.</param>
internal delegate void PullBack(Tensor output, Tensor gradient, Pull pull);
