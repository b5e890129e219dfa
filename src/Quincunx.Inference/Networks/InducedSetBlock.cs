using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>ISAB(X) = MAB(X, MAB(I, X)) with trained points I: Lee et al. 2019, equations 9 and 10. With no points SAB(X) = MAB(X, X), equation 8.</summary>
internal sealed class InducedSetBlock : IModule
{
    private readonly Parameter? _points;
    private readonly SetAttentionBlock? _gather;
    private readonly SetAttentionBlock _spread;

    public InducedSetBlock(SetTransformerOptions options, Rng rng)
    {
        if (options.InducingPoints > 0)
        {
            _points = Seeds(options.InducingPoints, options.Width, rng.Split("points"), options.DType);
            _gather = new SetAttentionBlock(options, rng.Split("gather"));
        }

        _spread = new SetAttentionBlock(options, rng.Split("spread"));
    }

    public static Parameter Seeds(int count, int width, Rng rng, DType dtype) => new(Tensor.Normal(0, 1, rng, new Shape(1, count, width), dtype));

    public Tensor Forward(Tensor x, Tensor? mask)
    {
        if (_points is null || _gather is null)
        {
            return _spread.Forward(x, mask: mask);
        }

        Tensor points = _points.Value.BroadcastTo(_points.Shape.With(0, x.Shape[0]));
        return _spread.Forward(x, _gather.Forward(points, x, mask));
    }

    public void Describe(ParameterTree tree)
    {
        if (_points is not null && _gather is not null)
        {
            tree.Add("points", _points);
            tree.Add("gather", _gather);
        }

        tree.Add("spread", _spread);
    }
}
