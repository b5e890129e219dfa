using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>Choices to train a proposal on, one a column.</summary>
internal sealed class ProposalBatch
{
    // In place of the logarithm of 0: e⁻¹⁰⁰ is nothing beside the other values, and its product with a 0 is a number.
    private const float Never = -100;

    private readonly Parameter _features, _sites, _logLaw, _label, _noise, _isLabel;

    public ProposalBatch(LearnedSites sites, int rows)
    {
        int values = Math.Max(sites.MostValues, 1);
        _features = Input(sites.Features);
        _sites = Input(sites.Count);
        _logLaw = Input(values);
        _label = Input(values);
        _noise = Input(1);
        _isLabel = Input(1);
        Rows = rows;

        Parameter Input(int lines) => new(Tensor.Zeros(new Shape(lines, rows)), isTrained: false);
    }

    public int Rows { get; }

    /// <summary>Outputs and choices made before, shape <c>[features, n]</c>.</summary>
    public Tensor Features => _features.Value;

    /// <summary>The site, one-hot, shape <c>[sites, n]</c>.</summary>
    public Tensor Sites => _sites.Value;

    /// <summary>Log-probabilities of the values under the law, shape <c>[values, n]</c>; 0 for a noise.</summary>
    public Tensor LogLaw => _logLaw.Value;

    /// <summary>The value, one-hot, shape <c>[values, n]</c>; 0 for a noise.</summary>
    public Tensor Label => _label.Value;

    /// <summary>The noise, shape <c>[1, n]</c>; 0 for a label.</summary>
    public Tensor Noise => _noise.Value;

    /// <summary>1 for a label, 0 for a noise, shape <c>[1, n]</c>.</summary>
    public Tensor IsLabel => _isLabel.Value;

    public void Clear()
    {
        foreach (Parameter input in (ReadOnlySpan<Parameter>)[_features, _sites, _logLaw, _label, _noise, _isLabel])
        {
            input.Value.Writable<float>().Clear();
        }
    }

    public void SetFeature(int column, int feature, float value) => Features.Writable<float>()[(feature * Rows) + column] = value;

    public void SetSite(int column, int site) => Sites.Writable<float>()[(site * Rows) + column] = 1;

    public void SetNoise(int column, double noise) => Noise.Writable<float>()[column] = (float)noise;

    /// <param name="logLaw">Log-probabilities of the values this site can have; others never occur.</param>
    public void SetLabel(int column, int label, ReadOnlySpan<float> logLaw)
    {
        Span<float> law = LogLaw.Writable<float>();
        for (int value = 0; value < LogLaw.Shape[0]; value++)
        {
            law[(value * Rows) + column] = value < logLaw.Length ? Math.Max(logLaw[value], Never) : Never;
        }

        Label.Writable<float>()[(label * Rows) + column] = 1;
        IsLabel.Writable<float>()[column] = 1;
    }
}
