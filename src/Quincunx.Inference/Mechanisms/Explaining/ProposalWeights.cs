using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;

namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>A proposal network's weights, laid out to be read a choice at a time: what belongs to a feature, a site or a unit lies together. Fixed; shared by threads.</summary>
internal sealed class ProposalWeights
{
    private readonly float[] _summary, _gain, _shift, _output, _outputBias;
    private readonly float[][] _layers, _layerBiases;

    public ProposalWeights(ProposalNetwork network)
    {
        (Width, Outputs, Depth) = (network.Summary.Outputs, network.Output.Outputs, network.Layers.Count);
        _summary = Columns(network.Summary);
        SummaryBias = Values(network.Summary.Bias);
        _gain = WithBias(network.Gain, [.. Values(network.Gain.Bias).Select(b => 1 + b)]);
        _shift = WithBias(network.Shift, Values(network.Shift.Bias));
        _layers = [.. network.Layers.Select(l => Values(l.Weight))];
        _layerBiases = [.. network.Layers.Select(l => Values(l.Bias))];
        _output = Values(network.Output.Weight);
        _outputBias = WithBias(network.OutputOfSite, [.. Values(network.OutputOfSite.Bias).Zip(Values(network.Output.Bias), (a, b) => a + b)]);
    }

    public int Width { get; }

    public int Outputs { get; }

    public int Depth { get; }

    public float[] SummaryBias { get; }

    public ReadOnlySpan<float> Summary(int feature) => _summary.AsSpan(feature * Width, Width);

    public ReadOnlySpan<float> Gain(int site) => _gain.AsSpan(site * Width, Width);

    public ReadOnlySpan<float> Shift(int site) => _shift.AsSpan(site * Width, Width);

    public ReadOnlySpan<float> Layer(int layer, int unit) => _layers[layer].AsSpan(unit * Width, Width);

    public ReadOnlySpan<float> LayerBias(int layer) => _layerBiases[layer];

    public ReadOnlySpan<float> Output(int output) => _output.AsSpan(output * Width, Width);

    public ReadOnlySpan<float> OutputBias(int site) => _outputBias.AsSpan(site * Outputs, Outputs);

    private static float[] Values(Parameter parameter) => parameter.Value.AsSpan<float>().ToArray();

    private static float[] Columns(Linear layer)
    {
        ReadOnlySpan<float> rows = layer.Weight.Value.AsSpan<float>();
        float[] columns = new float[rows.Length];
        for (int i = 0; i < layer.Outputs; i++)
        {
            for (int j = 0; j < layer.Inputs; j++)
            {
                columns[(j * layer.Outputs) + i] = rows[(i * layer.Inputs) + j];
            }
        }

        return columns;
    }

    // What a layer gives for each one-hot input.
    private static float[] WithBias(Linear layer, float[] bias)
    {
        float[] columns = Columns(layer);
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] += bias[i % layer.Outputs];
        }

        return columns;
    }
}
