using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Posteriors;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.BayesianNetworks;

/// <summary>The mean of the normal densities that many networks give at an observation, in the unconstrained coordinates of the prior's support; learned by <see cref="BayesianNetworkEstimation"/>.</summary>
/// <remarks>Float64 throughout. Without networks (sampling ended before there were any) draws and densities are NaN.</remarks>
public sealed class BayesianNetworkPosterior : IPosteriorEstimator, IModule
{
    private readonly PosteriorCoordinates _coordinates;
    private readonly PredictiveCoordinates _predictive;
    private readonly Parameter _inputs, _hiddenBiases, _linear, _biases, _outputs, _precisions, _coupling;

    internal BayesianNetworkPosterior(PosteriorCoordinates coordinates, int hidden, int networks)
    {
        _coordinates = coordinates;
        _predictive = new PredictiveCoordinates(coordinates, At);
        (Hidden, Networks) = (hidden, networks);
        int d = coordinates.Dimension, k = coordinates.Features;
        _inputs = Zeros(networks, hidden, k);
        _hiddenBiases = Zeros(networks, hidden);
        _linear = Zeros(networks, d, k);
        _biases = Zeros(networks, d);
        _outputs = Zeros(networks, 2 * d, hidden);
        _precisions = Zeros(networks, d);
        _coupling = Zeros(networks, d * (d - 1) / 2);
    }

    /// <inheritdoc/>
    public int Dimension => _coordinates.Dimension;

    /// <inheritdoc/>
    public bool IsNormalised => true;

    /// <summary>Length of an observation.</summary>
    public int Features => _coordinates.Features;

    /// <summary>Hidden units of each network.</summary>
    public int Hidden { get; }

    /// <summary>How many there are.</summary>
    public int Networks { get; }

    internal PosteriorCoordinates Coordinates => _coordinates;

    /// <inheritdoc/>
    public void Sample(ReadOnlySpan<double> x, Span<double> thetas, Rng rng) => _predictive.Sample(x, thetas, rng);

    /// <inheritdoc/>
    public void SampleMany(ReadOnlySpan<double> xs, int count, Span<double> thetas, Rng rng) => _predictive.SampleMany(xs, count, thetas, rng);

    /// <inheritdoc/>
    public void LogProb(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logProbs) => _predictive.LogProb(x, thetas, logProbs);

    /// <inheritdoc/>
    public void LogProbPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logProbs) => _predictive.LogProbPairs(thetas, xs, logProbs);

    /// <summary>The maximum a posteriori, as <see cref="PosteriorMaximum"/> finds it.</summary>
    /// <param name="x">One observation, <c>[k]</c>, finite.</param>
    /// <param name="rng">Advanced by the draws.</param>
    public MapResult Map(ReadOnlySpan<double> x, Rng rng, int draws = 1000) => PosteriorMaximum.Of(new ConditionedPosterior(this, x), _coordinates.Bijection, rng, draws);

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("theta", _coordinates.Theta);
        tree.Add("x", _coordinates.X);
        tree.Add("inputs", _inputs);
        tree.Add("hidden-biases", _hiddenBiases);
        tree.Add("linear", _linear);
        tree.Add("biases", _biases);
        tree.Add("outputs", _outputs);
        tree.Add("precisions", _precisions);
        tree.Add("coupling", _coupling);
    }

    /// <summary>Makes a network of standard normal coordinates: each weight with its scale (<see cref="WeightTarget"/>).</summary>
    /// <param name="w">Shape <c>[<see cref="WeightLayout.Count"/>]</c>.</param>
    internal void Assign(int network, ReadOnlySpan<double> w)
    {
        (int d, int k, int h) = (Dimension, Features, Hidden);
        var layout = new WeightLayout(d, k, h);
        double[] scales = new double[WeightLayout.Scales];
        for (int i = 0; i < scales.Length; i++)
        {
            scales[i] = Math.Exp((w[i] * WeightTarget.Spreads[i]) + WeightTarget.Centres[i]);
        }

        double common = (w[layout.Precision] * WeightTarget.PrecisionSpread) + WeightTarget.PrecisionCentre;
        Set(_inputs, w.Slice(layout.Inputs, h * k), scales[1] / Math.Sqrt(k));
        Set(_hiddenBiases, w.Slice(layout.HiddenBiases, h), scales[1]);
        Set(_linear, w.Slice(layout.Linear, d * k), scales[0] / Math.Sqrt(k));
        Set(_biases, w.Slice(layout.Biases, d), 1);
        Set(_outputs, w.Slice(layout.Outputs, d * h), scales[2] / Math.Sqrt(h));
        Set(_outputs, w.Slice(layout.Outputs + (d * h), d * h), scales[3] / Math.Sqrt(h), d * h);
        Set(_precisions, w.Slice(layout.Offsets, d), scales[5], plus: common);
        Set(_coupling, w.Slice(layout.Coupling, layout.Pairs), scales[4] / Math.Sqrt(Math.Max(1, d - 1)));

        void Set(Parameter parameter, ReadOnlySpan<double> values, double factor, int from = 0, double plus = 0)
        {
            Span<double> own = Of(parameter, network, parameter.Count / Networks);
            for (int i = 0; i < values.Length; i++)
            {
                own[from + i] = (values[i] * factor) + plus;
            }
        }
    }

    /// <summary>The normals of all networks at a scaled observation.</summary>
    internal PredictiveNormals At(double[] scaled)
    {
        (int d, int k, int h) = (Dimension, Features, Hidden);
        var normals = new PredictiveNormals(d, Networks);
        double[] units = new double[h];
        for (int n = 0; n < Networks; n++)
        {
            ReadOnlySpan<double> inputs = Of(_inputs, n, h * k), shifts = Of(_hiddenBiases, n, h), linear = Of(_linear, n, d * k), outputs = Of(_outputs, n, 2 * d * h);
            ReadOnlySpan<double> biases = Of(_biases, n, d), precisions = Of(_precisions, n, d), coupling = Of(_coupling, n, d * (d - 1) / 2);
            for (int j = 0; j < h; j++)
            {
                units[j] = Math.Tanh(shifts[j] + Dot(inputs.Slice(j * k, k), scaled));
            }

            Span<double> at = normals.Location(n), factor = normals.Factor(n);
            for (int i = 0, next = 0; i < d; i++)
            {
                at[i] = biases[i] + Dot(linear.Slice(i * k, k), scaled) + Dot(outputs.Slice(i * h, h), units);
                double precision = Math.Exp(precisions[i] + Dot(outputs.Slice((d + i) * h, h), units));
                factor[i * (d + 1)] = precision;
                for (int j = 0; j < i; j++)
                {
                    factor[(i * d) + j] = precision * coupling[next++];
                }
            }
        }

        return normals;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => System.Numerics.Tensors.TensorPrimitives.Dot(a, b);

    private static Span<double> Of(Parameter parameter, int network, int count) => parameter.Value.Writable<double>().Slice(network * count, count);

    private static Parameter Zeros(params int[] lengths) => new(Tensor.Zeros(new Shape(lengths), DType.Float64), isTrained: false);
}
