using Quincunx.Inference.Distributions;
using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Npe;
using Quincunx.Inference.Posteriors;
using Quincunx.Numerics.Random;

namespace Quincunx.Inference.Nle;

/// <summary>A conditional density that has learned p(x | theta) from simulations; discrete features of x as probabilities.</summary>
/// <remarks>
/// p(x | theta) is the product of the discrete features' probabilities, one after the other, and the density of the continuous ones given those, a flow in scaled features whose Jacobian is counted. Features whose values are whole numbers but
/// too many to be categories are continuous too; the density at a value then stands for its probability. A value that a discrete feature never had, or that is not positive where all were positive and a logarithm was chosen, has likelihood 0.
/// <para>Networks see parameters standardised: as they are where the support is an interval, else in unconstrained coordinates.</para>
/// </remarks>
public sealed partial class NeuralLikelihood : ILikelihoodEstimator, IModule
{
    private readonly SupportBijection _bijection;
    private readonly Standardise _thetaScale;
    private readonly FeatureScaling? _xScale;
    private readonly CategoryNetwork? _categories;
    private readonly Flow? _flow;
    private readonly FeatureLayout _layout;
    private readonly RecordedPairs _pairs;

    /// <param name="bijection">See <see cref="Context"/>.</param>
    /// <param name="xScale">Of the continuous features; null where there are none.</param>
    internal NeuralLikelihood(SupportBijection bijection, Standardise thetaScale, FeatureScaling? xScale, FeatureLayout layout, NeuralLikelihoodOptions options, Rng rng)
    {
        (_bijection, _thetaScale, _xScale, _layout) = (bijection, thetaScale, xScale, layout);
        int d = bijection.Dimension;
        _categories = layout.Categories.Length == 0 ? null : new CategoryNetwork(layout.Categories, d, options.DiscreteHidden, rng.Split("categories"));
        _flow = layout.Continuous.Length == 0 ? null : CreateFlow(layout.Continuous.Length, d + layout.Categories.Length, options, rng.Split("flow"));
        _pairs = new RecordedPairs(InputWidths, inputs => LogProbScaled(inputs), differentiated: 0);
    }

    /// <inheritdoc/>
    public int Dimension => _bijection.Dimension;

    /// <inheritdoc/>
    public int Features => _layout.Features;

    /// <inheritdoc/>
    public bool IsNormalised => true;

    /// <summary>Features with values one apart: to be given as <see cref="NeuralLikelihoodOptions.Discrete"/> to a network that stored weights are imported into.</summary>
    public IReadOnlyList<DiscreteFeature> Discrete => _layout.Discrete;

    /// <summary>How the coordinates of <see cref="Context"/> are scaled.</summary>
    internal Standardise ThetaScale => _thetaScale;

    /// <summary>How continuous features are scaled; null where there are none.</summary>
    public FeatureScaling? Scaling => _xScale;

    /// <inheritdoc/>
    public void LogLikelihood(ReadOnlySpan<double> x, ReadOnlySpan<double> thetas, Span<double> logs) => Evaluate(thetas, x, logs, []);

    /// <inheritdoc/>
    public void LogLikelihoodPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logs)
    {
        CheckPairs(xs, logs);
        Evaluate(thetas, xs, logs, []);
    }

    /// <inheritdoc/>
    public void LogLikelihoodPairs(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logs, Span<double> gradients)
    {
        CheckPairs(xs, logs);
        if (gradients.Length != thetas.Length)
        {
            throw new ArgumentException($"Expected as many slopes as parameters, {thetas.Length}, got {gradients.Length}.", nameof(gradients));
        }

        Evaluate(thetas, xs, logs, gradients);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("theta", _thetaScale);
        if (_xScale is not null)
        {
            tree.Add("x", _xScale);
        }

        if (_categories is not null)
        {
            tree.Add("categories", _categories);
        }

        if (_flow is not null)
        {
            tree.Add("flow", _flow);
        }
    }

    /// <summary>The coordinates in which networks see parameters: an interval is as good as it is, and its edges are no infinities there.</summary>
    internal static SupportBijection Context(SupportBijection support) =>
        new([.. support.Supports.Select(s => double.IsFinite(s.Lower) && double.IsFinite(s.Upper) ? Support.Real : s)]);

    /// <summary>Affine transforms, then those of the options.</summary>
    internal static Flow CreateFlow(int features, int contextSize, NeuralLikelihoodOptions options, Rng rng)
    {
        Flow last = options.Flow.Create(features, contextSize, rng);
        if (options.AffineTransforms == 0)
        {
            return last;
        }

        FlowOptions affine = options.Flow with { Kind = FlowKind.AffineAutoregressive, Transforms = options.AffineTransforms };
        IBijection[] mixing = features == 1 ? [] : [Permutation.Reverse(features)];
        return new Flow([.. affine.Create(features, contextSize, rng.Split("affine")).Steps, .. mixing, .. last.Steps]);
    }

    private void CheckPairs(ReadOnlySpan<double> xs, Span<double> logs)
    {
        if (xs.Length != logs.Length * Features)
        {
            throw new ArgumentException($"Expected {logs.Length} observations of {Features} numbers, got {xs.Length} numbers.", nameof(xs));
        }
    }
}
