using System.Globalization;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Random;

namespace Quincunx.Runs.Onnx;

/// <summary>A neural posterior as an ONNX model: log q(theta | x) with all scaling inside.</summary>
public static class PosteriorExport
{
    public const string Theta = "theta", Observation = "x", LogProb = "log_prob";

    // Version of the keys below.
    private const string MetadataFormat = "1";

    /// <summary>Inputs <c>theta [batch, d]</c> and <c>x [batch, k]</c>, output <c>log_prob [batch]</c>, all float64 and in the units of the study.</summary>
    /// <param name="parameters">Names of the parameters, in order; kept in the model with the ends of their intervals.</param>
    /// <param name="metadata">More to keep in the model.</param>
    /// <exception cref="ArgumentException">There are not as many names as parameters.</exception>
    public static OnnxModel Of(NeuralPosterior posterior, IReadOnlyList<string> parameters, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Count != posterior.Dimension)
        {
            throw new ArgumentException($"Expected {posterior.Dimension} names of parameters, got {parameters.Count}.", nameof(parameters));
        }

        var facts = new Dictionary<string, string>(metadata ?? new Dictionary<string, string>(), StringComparer.Ordinal)
        {
            ["quincunx.format"] = MetadataFormat,
            ["quincunx.kind"] = "posterior",
            ["quincunx.parameters"] = string.Join(',', parameters),
            ["quincunx.lower"] = string.Join(',', posterior.Supports.Select(s => s.Lower.ToString("R", CultureInfo.InvariantCulture))),
            ["quincunx.upper"] = string.Join(',', posterior.Supports.Select(s => s.Upper.ToString("R", CultureInfo.InvariantCulture))),
        };
        using Recording.Pause pause = Recording.Off();
        return OnnxExport.Of(
            "posterior", posterior, Inputs(posterior), [LogProb], inputs => [posterior.LogProb(inputs[0], inputs[1])], facts);
    }

    /// <summary>How far the model's numbers are from the network's: both are evaluated for draws of the network itself at observations like those it has seen.</summary>
    /// <param name="pairs">How many; evaluation of the model is slow.</param>
    /// <returns>Largest |difference of log q| / (1 + |log q|).</returns>
    public static double LargestDifference(OnnxModel model, NeuralPosterior posterior, int pairs, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(rng);
        int d = posterior.Dimension, k = posterior.Features;
        double[] x = new double[pairs * k], theta = new double[pairs * d], expected = new double[pairs];
        rng.FillNormal(x);
        posterior.Scaling.Invert(x, x);
        posterior.SampleMany(x, 1, theta, rng);
        posterior.LogProbPairs(theta, x, expected);
        IReadOnlyDictionary<string, OnnxTensor> outputs = model.Evaluate(new Dictionary<string, OnnxTensor>(StringComparer.Ordinal)
        {
            [Theta] = new(OnnxType.Float64, [pairs, d], theta),
            [Observation] = new(OnnxType.Float64, [pairs, k], x),
        });
        double[] found = outputs[LogProb].Values;
        double largest = 0;
        for (int i = 0; i < pairs; i++)
        {
            double difference = found[i].Equals(expected[i]) ? 0 : Math.Abs(found[i] - expected[i]) / (1 + Math.Abs(expected[i]));
            largest = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, difference);
        }

        return largest;
    }

    internal static OnnxPort[] Inputs(NeuralPosterior posterior) =>
        [new(Theta, OnnxType.Float64, [-1, posterior.Dimension]), new(Observation, OnnxType.Float64, [-1, posterior.Features])];
}
