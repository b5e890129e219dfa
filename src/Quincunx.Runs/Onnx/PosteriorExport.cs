using System.Globalization;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Runs.Onnx;

/// <summary>A neural posterior as an ONNX model: log q(theta | x) with all scaling inside.</summary>
public static class PosteriorExport
{
    public const string Theta = "theta", Observation = "x", LogProb = "log_prob", Noise = "noise";

    // Version of the keys below.
    private const string MetadataFormat = "1";

    /// <summary>Inputs <c>theta [batch, d]</c> and <c>x [batch, k]</c>, output <c>log_prob [batch]</c>, all float64 and in the units of the study.</summary>
    /// <param name="parameters">Names of the parameters, in order; kept in the model with the ends of their intervals.</param>
    /// <param name="metadata">More to keep in the model.</param>
    /// <exception cref="ArgumentException">There are not as many names as parameters.</exception>
    public static OnnxModel Of(NeuralPosterior posterior, IReadOnlyList<string> parameters, IReadOnlyDictionary<string, string>? metadata = null)
    {
        Dictionary<string, string> facts = Facts("posterior", posterior, parameters, metadata);
        using Recording.Pause pause = Recording.Off();
        return OnnxExport.Of(
            "posterior", posterior, Inputs(posterior, Theta), [LogProb], inputs => [posterior.LogProb(inputs[0], inputs[1])], facts);
    }

    /// <summary>Draws: inputs <c>noise [batch, d]</c>, independent standard normal numbers, and <c>x [batch, k]</c>; output <c>theta [batch, d]</c>; all float64.</summary>
    /// <inheritdoc cref="Of"/>
    public static OnnxModel SamplerOf(NeuralPosterior posterior, IReadOnlyList<string> parameters, IReadOnlyDictionary<string, string>? metadata = null)
    {
        Dictionary<string, string> facts = Facts("sampler", posterior, parameters, metadata);
        using Recording.Pause pause = Recording.Off();
        return OnnxExport.Of("sampler", posterior, Inputs(posterior, Noise), [Theta], inputs => [posterior.FromNoise(inputs[0], inputs[1])], facts);
    }

    /// <summary>How far the model's numbers are from the network's: both are evaluated for draws of the network itself at observations like those it has seen.</summary>
    /// <param name="pairs">How many; evaluation of the model is slow.</param>
    /// <returns>Largest |difference of log q| / (1 + |log q|).</returns>
    public static double LargestDifference(OnnxModel model, NeuralPosterior posterior, int pairs, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(rng);
        int d = posterior.Dimension;
        double[] x = Observations(posterior, pairs, rng), theta = new double[pairs * d], expected = new double[pairs];
        posterior.SampleMany(x, 1, theta, rng);
        posterior.LogProbPairs(theta, x, expected);
        return Largest(expected, Evaluate(model, Theta, theta, d, x)[LogProb].Values);
    }

    /// <summary>The same for the model of <see cref="SamplerOf"/>: largest |difference of a parameter| / (1 + |parameter|).</summary>
    /// <inheritdoc cref="LargestDifference"/>
    public static double LargestDifferenceOfDraws(OnnxModel model, NeuralPosterior posterior, int pairs, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(rng);
        int d = posterior.Dimension;
        double[] x = Observations(posterior, pairs, rng), noise = new double[pairs * d];
        rng.FillNormal(noise);
        using Recording.Pause pause = Recording.Off();
        Tensor expected = posterior.FromNoise(Tensor.From(noise, new Shape(pairs, d)), Tensor.From(x, new Shape(pairs, posterior.Features)));
        return Largest(expected.ToArray(), Evaluate(model, Noise, noise, d, x)[Theta].Values);
    }

    internal static OnnxPort[] Inputs(NeuralPosterior posterior, string first) =>
        [new(first, OnnxType.Float64, [-1, posterior.Dimension]), new(Observation, OnnxType.Float64, [-1, posterior.Features])];

    // Like those that the network has seen: standard normal after scaling.
    private static double[] Observations(NeuralPosterior posterior, int pairs, Rng rng)
    {
        double[] x = new double[pairs * posterior.Features];
        rng.FillNormal(x);
        posterior.Scaling.Invert(x, x);
        return x;
    }

    private static IReadOnlyDictionary<string, OnnxTensor> Evaluate(OnnxModel model, string first, double[] values, int width, double[] x)
    {
        int pairs = values.Length / width;
        return model.Evaluate(new Dictionary<string, OnnxTensor>(StringComparer.Ordinal)
        {
            [first] = new(OnnxType.Float64, [pairs, width], values),
            [Observation] = new(OnnxType.Float64, [pairs, x.Length / pairs], x),
        });
    }

    private static double Largest(double[] expected, double[] found)
    {
        double largest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = found[i].Equals(expected[i]) ? 0 : Math.Abs(found[i] - expected[i]) / (1 + Math.Abs(expected[i]));
            largest = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, difference);
        }

        return largest;
    }

    private static Dictionary<string, string> Facts(
        string kind, NeuralPosterior posterior, IReadOnlyList<string> parameters, IReadOnlyDictionary<string, string>? more)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters.Count != posterior.Dimension
            ? throw new ArgumentException($"Expected {posterior.Dimension} names of parameters, got {parameters.Count}.", nameof(parameters))
            : new Dictionary<string, string>(more ?? new Dictionary<string, string>(), StringComparer.Ordinal)
            {
                ["quincunx.format"] = MetadataFormat,
                ["quincunx.kind"] = kind,
                ["quincunx.parameters"] = string.Join(',', parameters),
                ["quincunx.lower"] = Ends(posterior.Supports.Select(s => s.Lower)),
                ["quincunx.upper"] = Ends(posterior.Supports.Select(s => s.Upper)),
            };
    }

    private static string Ends(IEnumerable<double> values) => string.Join(',', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));
}
