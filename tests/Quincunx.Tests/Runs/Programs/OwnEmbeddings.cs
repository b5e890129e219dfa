using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Runs.Programs;

// snippet: embedding-study
/// <summary>Moments of a series over its times, -1 to 1, behind a trained linear map.</summary>
public sealed record SeriesMoments : EmbeddingOptions
{
    private readonly int _order;

    public SeriesMoments(int order, int outputs = 4)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(order);
        (_order, Outputs) = (order, outputs);
    }

    public override IEmbedding Create(EmbeddingInput input, Rng rng) => new Network(_order + 1, Outputs, input, rng);

    private sealed class Network(int moments, int outputs, EmbeddingInput input, Rng rng) : IEmbedding
    {
        private readonly Parameter _powers = new(Tensor.From(Powers(input.Features, moments), new Shape(input.Features, moments), input.DType), isTrained: false);
        private readonly Linear _last = new(moments, outputs, rng, Initialiser.LeCunUniform, input.DType);

        public Tensor Forward(Tensor x, Tensor? observed) => _last.Forward(Tensor.MatMul(x, _powers.Value));

        public void Describe(ParameterTree tree) => tree.Add("last", _last);

        private static double[] Powers(int times, int moments) =>
            [.. from i in Enumerable.Range(0, times) from power in Enumerable.Range(0, moments) select Math.Pow((2 * (i + 0.5) / times) - 1, power) / times];
    }
}

// end-snippet

/// <summary>One that breaks what an embedding promises, as its option says.</summary>
public sealed record BrokenEmbedding : EmbeddingOptions
{
    private readonly string _how;

    public BrokenEmbedding(string how)
    {
        _how = how;
        Outputs = how == "none" ? 0 : 2;
    }

    public override IReadOnlyList<int>? ScaleGroups(int features) => _how == "groups" ? [0] : null;

    public override IEmbedding Create(EmbeddingInput input, Rng rng) => _how == "throws" ? throw new InvalidOperationException("no such layout.") : new Network(_how, input, rng);

    private sealed class Network(string how, EmbeddingInput input, Rng rng) : IEmbedding
    {
        private readonly Linear _last = new(input.Features, how == "longer" ? 3 : 2, rng, Initialiser.LeCunUniform, input.DType);

        public Tensor Forward(Tensor x, Tensor? observed) => how switch
        {
            "among others" => _last.Forward(x - x.Mean(0, keepAxes: true)),
            "infinite" => _last.Forward(x) / 0.0,
            _ => _last.Forward(x),
        };

        public void Describe(ParameterTree tree) => tree.Add("last", _last);
    }
}
