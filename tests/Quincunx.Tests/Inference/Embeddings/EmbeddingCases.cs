using Quincunx.Inference.Embeddings;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Embeddings;

/// <summary>Every kind of embedding, small, for observations of twelve numbers.</summary>
internal static class EmbeddingCases
{
    public const int Features = 12;

    private static readonly Dictionary<string, EmbeddingOptions> Cases = new(StringComparer.Ordinal)
    {
        ["mlp"] = new MlpEmbeddingOptions { Hidden = [5], Outputs = 3 },
        ["convolution"] = new ConvolutionEmbeddingOptions { Filters = [3, 2], Hidden = [4], Outputs = 3 },
        ["image"] = new ConvolutionEmbeddingOptions { Channels = 2, Grid = [2, 3], Filters = [2, 3], Hidden = [], Padding = PaddingKind.Circular, Pooling = GridPooling.Max, Outputs = 3 },
        ["places-forgotten"] = new ConvolutionEmbeddingOptions { Filters = [3, 2, 2], Hidden = [4], KeepsPlaces = false, Outputs = 3 },
        ["deep-set"] = new DeepSetEmbeddingOptions { Features = 2, Hidden = [4], Width = 3, Outputs = 3 },
        ["deep-set-sum"] = new DeepSetEmbeddingOptions { Features = 3, Hidden = [4], Width = 3, Pooling = SetPooling.Sum, Outputs = 3 },
        ["deep-set-attention"] = new DeepSetEmbeddingOptions { Features = 2, Hidden = [3], Width = 4, Heads = 2, Pooling = SetPooling.Attention, Outputs = 3 },
        ["set-transformer"] = new SetTransformerEmbeddingOptions { Features = 2, Width = 4, Heads = 2, Blocks = 1, InducingPoints = 2, Outputs = 3 },
        ["transformer"] = new TransformerEmbeddingOptions { Features = 3, Width = 4, Heads = 2, Blocks = 1, Hidden = [3], Outputs = 3 },
        ["transformer-places-forgotten"] = new TransformerEmbeddingOptions { Width = 4, Heads = 2, Blocks = 1, Window = 1, KeepsPlaces = false, Hidden = [3], Outputs = 3 },
        ["recurrent"] = new RecurrentEmbeddingOptions { Features = 4, Width = 3, Layers = 2, Hidden = [3], Outputs = 3 },
        ["own"] = new Moments(),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    /// <summary>Those to which the order of elements is nothing.</summary>
    public static TheoryData<string> Sets => ["deep-set", "deep-set-sum", "deep-set-attention", "set-transformer"];

    public static EmbeddingOptions Of(string name) => Cases[name];

    /// <summary>Numbers of an element of a set.</summary>
    public static int Element(string name) => name == "deep-set-sum" ? 3 : 2;

    // snippet: embedding-own
    /// <summary>Mean, mean square and share of what was observed, behind a trained linear map.</summary>
    private sealed record Moments : EmbeddingOptions
    {
        public Moments() => Outputs = 3;

        public override bool FillsGaps => false;                                            // zeros in gaps

        public override IEmbedding Create(EmbeddingInput input, Rng rng) => new Network(input.DType, rng);

        public override IReadOnlyList<int> ScaleGroups(int features) => new int[features];  // all alike

        private sealed class Network(DType dtype, Rng rng) : IEmbedding
        {
            private readonly Linear _last = new(3, 3, rng, Initialiser.LeCunUniform, dtype);

            public Tensor Forward(Tensor x, Tensor? observed)
            {
                Tensor share = (observed ?? Tensor.Equal(x, x)).Mean(1, keepAxes: true);
                return _last.Forward(Tensor.Concat([x.Mean(1, keepAxes: true), Tensor.Square(x).Mean(1, keepAxes: true), share], axis: 1));
            }

            public void Describe(ParameterTree tree) => tree.Add("last", _last);
        }
    }

    // end-snippet
}
