using Quincunx.Inference.Networks;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Embeddings;

/// <summary>A state that each step of a sequence renews in part (<see cref="GatedRecurrentUnit"/>, Cho et al. 2014, arXiv:1406.1078), and linear layers on the last one: for time series that are read in order.</summary>
/// <remarks>A row holds step after step. All steps are scaled alike. Where numbers may be missing, which were observed are more numbers of a step.</remarks>
public sealed record RecurrentEmbeddingOptions : EmbeddingOptions
{
    /// <summary>Numbers of a step.</summary>
    public int Features { get; init; } = 1;

    /// <summary>Numbers of the state.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Recurrent layers, each of which reads the states of the one before; at least 1.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Hidden widths of the linear layers behind the last state.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64];

    /// <inheritdoc/>
    public override IEmbedding Create(EmbeddingInput input, Rng rng)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Layers);
        _ = RowLayout.Elements(input.Features, Features, "step");
        return new Network(this, input, rng);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> ScaleGroups(int features) => RowLayout.GroupsOfElements(features, Features);

    private sealed class Network(RecurrentEmbeddingOptions o, EmbeddingInput input, Rng rng) : IEmbedding
    {
        private readonly GatedRecurrentUnit[] _layers =
            [.. Enumerable.Range(0, o.Layers).Select(i => new GatedRecurrentUnit(i > 0 ? o.Width : input.HasGaps ? 2 * o.Features : o.Features, o.Width, rng.Split(i), input.DType))];

        private readonly Mlp _last = new(o.Width, o.Hidden, o.Outputs, rng.Split("last"), input.Activation, dtype: input.DType);

        public Tensor Forward(Tensor x, Tensor? observed)
        {
            Tensor h = RowLayout.Steps(x, observed, o.Features);
            foreach (GatedRecurrentUnit layer in _layers)
            {
                h = layer.Forward(h);
            }

            return _last.Forward(h.At(1, -1));
        }

        public void Describe(ParameterTree tree)
        {
            tree.Add("layers", _layers);
            tree.Add("last", _last);
        }
    }
}
