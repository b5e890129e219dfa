using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Sequential;

/// <summary>Sums of losses over a batch, from log q(theta | x) less log p(theta) of each x at its own parameters and at others'.</summary>
internal static class SequentialLoss
{
    /// <summary>Minus the log of the chance that the first of each row's atoms is named, where they are named in proportion to q / p (Greenberg et al. 2019, arXiv:1905.07488, equations 6 and 7).</summary>
    /// <param name="logRatios">Shape <c>[n, atoms]</c>, a row's own first.</param>
    public static Tensor Atomic(Tensor logRatios) => (logRatios.LogSumExp(axis: 1) - logRatios.At(1, 0)).Sum();

    /// <summary>n times the squared miss of the balance: the mean of σ(log q / p) over joint pairs and that over pairs of marginals add up to one for the posterior (Delaunoy et al. 2023, equation 6).</summary>
    /// <param name="logRatios">Shape <c>[n, 2]</c>: a row's own, and another's.</param>
    public static Tensor Balance(Tensor logRatios) => Tensor.Square((Tensor.Sigmoid(logRatios).Sum() / logRatios.Shape[0]) - 1) * logRatios.Shape[0];
}
