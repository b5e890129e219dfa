using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Nre;

/// <summary>The losses of ratio estimation as functions of a classifier's outputs.</summary>
internal static class RatioLosses
{
    /// <summary>Parameters that each x of a batch meets, its own included.</summary>
    /// <param name="rows">Pairs in the batch. All parameters come from them, so a small batch has fewer.</param>
    public static int Atoms(NeuralRatioOptions options, int rows) => options.Loss switch
    {
        RatioLoss.Binary => 2,
        RatioLoss.Contrastive => Math.Max(2, Math.Min(options.Contrasts, rows)),
        _ => Math.Max(2, Math.Min(options.Contrasts + 1, rows)),
    };

    /// <summary>The sum over the batch.</summary>
    /// <param name="f">Shape <c>[atoms, n]</c>: outputs for the own parameter of each x in the first row, for parameters of other pairs below.</param>
    /// <returns>One element.</returns>
    public static Tensor Sum(Tensor f, NeuralRatioOptions options)
    {
        Tensor own = f.Slice(0, 0, 1), others = f.Slice(0, 1);
        int n = f.Shape[1];
        Tensor loss = options.Loss switch
        {
            RatioLoss.Binary => Tensor.Softplus(-own).Sum() + Tensor.Softplus(others).Sum(),
            RatioLoss.Contrastive => f.LogSumExp(0, keepAxes: true).Sum() - own.Sum(),
            _ => WithMarginals(f, own, others, options.Odds),
        };
        if (options.Balance == 0)
        {
            return loss;
        }

        // Delaunoy et al. 2022, eq. 4, with the means of these rows for expectations, times their number since losses are summed. The noise of the means adds a penalty of its own, on the side of
        // caution; one without it (products of different rows alone) rewards large errors of opposite signs where the same rows come again.
        Tensor off = (Tensor.Sigmoid(own).Sum() + (Tensor.Sigmoid(others).Sum() / (f.Shape[0] - 1)) - n) / n;
        return loss + (Tensor.Square(off) * (options.Balance * n));
    }

    // Miller et al. 2022, eqs. 8 to 10. With a = log(γ / K), K atoms and the class "none of them":
    // log q(k) = a + f_k - log(1 + e^(a + LSE f)), log q(none) = -log(1 + e^(a + LSE f)).
    private static Tensor WithMarginals(Tensor f, Tensor own, Tensor others, double odds)
    {
        int choices = f.Shape[0] - 1;
        double a = Math.Log(odds / choices);
        Tensor one = Tensor.Softplus(f.Slice(0, 0, choices).LogSumExp(0, keepAxes: true) + a) - own - a;
        Tensor none = Tensor.Softplus(others.LogSumExp(0, keepAxes: true) + a);
        return (one.Sum() * (odds / (1 + odds))) + (none.Sum() / (1 + odds));
    }
}
