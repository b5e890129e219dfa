using Quincunx.Inference.Distributions;
using Quincunx.Inference.Posteriors;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Npe;

public sealed partial class NeuralPosterior
{
    // The flow computes in float32: its gradient has noise of some 1e-4, so no tighter tolerance can be met.
    private const double MapGradientTolerance = 1e-3;
    private const int MapIterations = 100;

    /// <summary>The maximum a posteriori: where the density of theta, q(theta | x), is highest.</summary>
    /// <remarks>
    /// The density is that in theta, the log-determinant of the map to unconstrained coordinates included; in other coordinates the maximum lies elsewhere.
    /// The search itself runs in the unconstrained coordinates, so the result is inside the support, also where the density rises towards an edge.
    /// It starts at the best of some draws, climbs by L-BFGS, and ends with a compass search: conditioners with kinks (ReLU) make maxima
    /// that are not stationary points, where a line search stalls. It finds one maximum near the best draw: a narrow mode that no draw touches is missed.
    /// </remarks>
    /// <param name="x">One observation, <c>[k]</c>, finite.</param>
    /// <param name="rng">Advanced by the draws.</param>
    /// <param name="draws">Candidates for the start, at least 1.</param>
    public MapResult Map(ReadOnlySpan<double> x, Rng rng, int draws = 1000)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        double[] thetas = new double[draws * Dimension], logProbs = new double[draws], observed = x.ToArray();
        Sample(observed, thetas, rng);
        LogProb(observed, thetas, logProbs);
        int best = 0;
        for (int i = 1; i < draws; i++)
        {
            best = logProbs[i] > logProbs[best] ? i : best;
        }

        double[] start = new double[Dimension];
        ScaleTheta(thetas.AsSpan(best * Dimension, Dimension), start);
        _xScale.Apply(observed, observed);
        LbfgsResult climbed = new Lbfgs(new LbfgsOptions { GradientTolerance = MapGradientTolerance, MaxIterations = MapIterations })
            .Minimise(s => Descent(s, observed), start);

        // Near an edge of the support a climb may end where theta is no longer told from the edge: then the draw itself is the better start.
        double[] log = new double[1];
        LogProb(x, Theta(climbed.X), log);
        double[] raw = x.ToArray();
        (double[] top, bool converged) = new CompassSearch((points, logs) => LogProb(raw, Theta(points), logs)).Climb(log[0] >= logProbs[best] ? climbed.X : start);
        double[] theta = Theta(top);
        LogProb(x, theta, log);
        return new MapResult(theta, log[0], converged && double.IsFinite(log[0]));
    }

    // -log q(theta(s) | x) and its gradient in standardised unconstrained coordinates s.
    private (double Value, double[] Gradient) Descent(double[] s, double[] scaledX)
    {
        using var scope = new TensorScope();
        Tensor point = Tensor.From(s, new Shape(1, s.Length), DType.Float32).Track();
        Tensor log = _flow.LogProb(point, Embed(Tensor.From(scaledX, new Shape(1, scaledX.Length), DType.Float32)));
        double[] gradient = Gradient.Of(log, point).ToArray(), z = new double[s.Length];
        _thetaScale.Invert(s, z);
        for (int i = 0; i < z.Length; i++)
        {
            gradient[i] = (_thetaScale.Scale[i] * LogSlopeDerivative(_bijection.Supports[i], z[i])) - gradient[i];
        }

        return (_bijection.LogAbsDetToConstrained(z) - _thetaScale.LogAbsDet - log.ToArray()[0], gradient);
    }

    // d log |d theta / dz| / dz.
    private static double LogSlopeDerivative(Support s, double z) => (double.IsFinite(s.Lower), double.IsFinite(s.Upper)) switch
    {
        (false, false) => 0,
        (true, false) => 1,
        (false, true) => -1,
        _ => 1 - (2 * SpecialFunctions.Sigmoid(z)),
    };

    private double[] Theta(double[] s)
    {
        double[] z = new double[s.Length];
        _thetaScale.Invert(s, z);
        _bijection.ToConstrained(z, z);
        return z;
    }
}
