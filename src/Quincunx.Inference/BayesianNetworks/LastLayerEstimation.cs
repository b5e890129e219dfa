using Quincunx.Inference.Distributions;
using Quincunx.Inference.Npe;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.BayesianNetworks;

/// <summary>Learns p(theta | x) from very few simulations: a network whose hidden layer is drawn and whose last layer is Bayesian, in closed form.</summary>
/// <remarks>
/// <para>
/// Standardised unconstrained parameters are a linear function of features of x (a constant, the scaled outputs, hidden units) plus normal noise of unknown covariance (<see cref="MatrixRegression"/>). Weights and noise are integrated out, so that what
/// 32 simulations leave open is part of the posterior's width; the precisions of the prior, the steepness of the hidden units and the guess of the noise are those of largest evidence on a grid (MacKay 1992, Neural Computation 4, 415).
/// </para>
/// <para>
/// The hidden layer is not trained: features that had learned the same few simulations would make the last layer too sure of them. The noise is the same at all x: what is learned is a normal posterior of one width, up to what is not known.
/// Closed form: nothing iterates, so nothing can fail to converge.
/// </para>
/// </remarks>
public static class LastLayerEstimation
{
    // The first two in units of the noise, so that what is seen clearly has a large one.
    private static readonly double[] LinearScales = [0.1, 0.3, 1, 3, 10, 30], HiddenScales = [0.1, 0.3, 1, 3, 10, 30], Steepnesses = [0.3, 1, 3], NoiseScales = [0.01, 0.03, 0.1, 0.3, 1];

    /// <param name="bijection">Of the prior's support.</param>
    /// <param name="thetas">Shape <c>[n, d]</c>, row-major, drawn from the prior; n at least 2.</param>
    /// <param name="xs">Shape <c>[n, k]</c>, row-major, finite: leave failed simulations out, and report that you did.</param>
    /// <param name="rng">Draws the hidden layer; not advanced.</param>
    /// <remarks>Cost: 3 n p² + 36 p³ operations with p = 1 + k + hidden units.</remarks>
    /// <exception cref="ArgumentException">Lengths do not fit, numbers are not finite, a theta lies outside the support, or an option is out of its range.</exception>
    public static LastLayerResult Fit(
        SupportBijection bijection, ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, int features, LastLayerOptions options, Rng rng, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rng);
        LastLayerOptions o = options.Checked();
        var coordinates = PosteriorCoordinates.Fit(bijection, thetas, xs, features);
        int d = coordinates.Dimension, n = thetas.Length / d;
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 2, nameof(thetas));
        double[] y = new double[thetas.Length], x = new double[xs.Length], weights = new double[o.Hidden * features], biases = new double[o.Hidden];
        coordinates.ScaleTheta(thetas, y);
        coordinates.X.Apply(xs, x);
        rng.Split("weights").FillNormal(weights);
        rng.Split("biases").FillNormal(biases);
        double degrees = d + 1;      // the fewest with which correlations are uniform a priori and the predictive has a density of heavy but finite tails
        var posterior = new LastLayerPosterior(coordinates, o.Hidden);
        LastLayerResult? best = null;
        foreach (double steepness in o.Hidden == 0 ? Steepnesses[..1] : Steepnesses)
        {
            double[] own = [.. weights.Select(w => w * steepness / Math.Sqrt(features))], shifts = [.. biases.Select(b => b * steepness)];
            (double[] Gram, double[] Cross) products = MatrixRegression.Products(Design(x, features, own, shifts), y, posterior.Width, d);
            foreach (double linear in LinearScales)
            {
                cancel.ThrowIfCancellationRequested();
                foreach (double hidden in o.Hidden == 0 ? HiddenScales[..1] : HiddenScales)
                {
                    var found = new MatrixRegression(products, y, Variances(features, o.Hidden, linear, hidden), d);
                    foreach (double noise in NoiseScales)
                    {
                        double log = found.LogEvidence(noise * noise, degrees);
                        if (best is null || log > best.LogEvidence)
                        {
                            best = new LastLayerResult(posterior, log, linear, hidden, steepness, noise);
                            posterior.Assign(own, shifts, found, noise * noise, degrees + n - d + 1);
                        }
                    }
                }
            }
        }

        return best!;
    }

    /// <summary>A posterior of the same shape, to import stored weights into.</summary>
    public static LastLayerPosterior Untrained(SupportBijection bijection, int features, LastLayerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new LastLayerPosterior(PosteriorCoordinates.Untrained(bijection, features), options.Checked().Hidden);
    }

    /// <summary>Prior variances of the weights in units of the noise covariance: of the constant, of each output, of each hidden unit.</summary>
    internal static double[] Variances(int features, int hidden, double linearScale, double hiddenScale) =>
        [1 + (linearScale * linearScale) + (hiddenScale * hiddenScale), .. Enumerable.Repeat(linearScale * linearScale, features), .. Enumerable.Repeat(hiddenScale * hiddenScale / Math.Max(1, hidden), hidden)];

    /// <summary>Features of all rows, <c>[n, 1 + k + hidden]</c>.</summary>
    internal static double[] Design(ReadOnlySpan<double> x, int features, double[] weights, double[] biases)
    {
        int n = x.Length / features, p = 1 + features + biases.Length;
        double[] phi = new double[n * p];
        for (int i = 0; i < n; i++)
        {
            LastLayerPosterior.Map(x.Slice(i * features, features), weights, biases, phi.AsSpan(i * p, p));
        }

        return phi;
    }
}
