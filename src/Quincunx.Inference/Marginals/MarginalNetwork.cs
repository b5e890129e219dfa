using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Marginals;

/// <summary>Quantiles of unconstrained parameters, and means and variances of parameters, all scaled, as functions of a scaled observation. Columns are examples.</summary>
internal sealed class MarginalNetwork : IModule
{
    private readonly ResidualMlp _body;
    private readonly Parameter _levels;
    private readonly int _d, _m;

    public MarginalNetwork(int dimension, int features, MarginalEstimationOptions options, Rng rng, DType dtype = DType.Float32)
    {
        (_d, _m) = (dimension, options.Levels.Count);
        _levels = new Parameter(Tensor.From([.. options.Levels], new Shape(1, _m, 1), dtype), isTrained: false);
        _body = new ResidualMlp(features, dimension * (_m + 2), new ResidualMlpOptions { Width = options.Width, Blocks = options.Blocks, Output = Initialiser.Zeros, DType = dtype }, rng);
    }

    /// <param name="x">Shape <c>[k, n]</c>.</param>
    /// <returns>Quantiles <c>[d, levels, n]</c>, means <c>[d, n]</c>, logs of variances <c>[d, n]</c>.</returns>
    public (Tensor Quantiles, Tensor Mean, Tensor LogVariance) Forward(Tensor x)
    {
        Tensor outputs = _body.ForwardColumns(x), raw = outputs.Slice(0, 0, _d * _m).Reshape(_d, _m, x.Shape[1]);

        // Each quantile is the one below it and something positive: none crosses another.
        Tensor quantiles = _m == 1 ? raw : Tensor.Concat([raw.Slice(1, 0, 1), Tensor.Softplus(raw.Slice(1, 1))], axis: 1).CumulativeSum(axis: 1);
        return (quantiles, outputs.Slice(0, _d * _m, _d), outputs.Slice(0, _d * (_m + 1), _d));
    }

    /// <summary>
    /// The score of each column, the lower the better: the pinball loss of every quantile (Koenker and Bassett 1978, Econometrica 46, 33), and (theta - m)² / v + log v for mean and variance (Dawid and
    /// Sebastiani 1999, Ann. Stat. 27, 65), each of which is least on average at the truth.
    /// </summary>
    /// <param name="z">Scaled unconstrained parameters, shape <c>[d, n]</c>.</param>
    /// <param name="theta">Scaled parameters, shape <c>[d, n]</c>.</param>
    /// <param name="x">Shape <c>[k, n]</c>.</param>
    /// <returns>Shape <c>[n]</c>.</returns>
    public Tensor Score(Tensor z, Tensor theta, Tensor x)
    {
        (Tensor quantiles, Tensor mean, Tensor logVariance) = Forward(x);
        Tensor above = z.Reshape(_d, 1, x.Shape[1]) - quantiles, pinball = Tensor.Maximum(above * _levels.Value, above * (_levels.Value - 1)).Sum([0, 1]);
        return pinball + ((Tensor.Square(theta - mean) * Tensor.Exp(-logVariance)) + logVariance).Sum(axis: 0);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        tree.Add("levels", _levels);
        tree.Add("body", _body);
    }
}
