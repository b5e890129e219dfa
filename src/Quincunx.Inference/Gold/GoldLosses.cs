using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Gold;

/// <summary>The formulas of <see cref="GoldLoss"/>, summed over events.</summary>
internal static class GoldLosses
{
    /// <summary>The part that the score has no share in.</summary>
    /// <param name="g">The network's log-ratio of the likelihoods, own theta over the other. Shape <c>[n]</c>.</param>
    /// <param name="log">ℓ, the joint log-ratio of the event, other over own. Shape <c>[n]</c>.</param>
    public static Tensor Ratio(GoldLoss loss, Tensor g, Tensor log) => loss switch
    {
        GoldLoss.Carl or GoldLoss.Cascal => Tensor.Softplus(-g).Sum(),
        GoldLoss.Rolr or GoldLoss.Rascal => Tensor.Square(Tensor.Exp(-g) - Tensor.Exp(log)).Sum(),

        // −s log σ(g) − (1 − s) log σ(−g) with s = σ(−ℓ).
        _ => (Tensor.Softplus(g) - (Tensor.Sigmoid(-log) * g)).Sum(),
    };

    /// <summary>The squared error of the score.</summary>
    /// <param name="slope">∇ log p(x | theta) as the network has it. Shape <c>[n, d]</c>.</param>
    /// <param name="score">The events'. Shape <c>[n, d]</c>.</param>
    /// <param name="weight">α.</param>
    /// <param name="variance">Of a component of the scores.</param>
    public static Tensor Score(Tensor slope, Tensor score, double weight, double variance) => Tensor.Square(slope - score).Sum() * (weight / (variance * slope.Shape[1]));
}
