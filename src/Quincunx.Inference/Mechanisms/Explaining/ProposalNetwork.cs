using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>From the outputs, the choices made so far and the site of the next to how that should be proposed.</summary>
/// <remarks>
/// With features f and the site one-hot a: <c>h = relu((W f + b) (1 + G a) + S a)</c>, then residual layers <c>h + relu(L h)</c>, and <c>V h + C a</c> for a tilt of
/// each value and, where noises are proposed, weight, mean and log scale of each normal. A choice that has been made adds its columns of W to W f, so that the
/// summary of all choices made so far is a running sum. The last layer starts at 0, where tilts propose the law itself.
/// </remarks>
internal sealed class ProposalNetwork : IModule
{
    private const double WidestMean = 2;

    private readonly int _values, _components;
    private readonly Parameter _spread;

    /// <param name="components">Normals in the proposal of a noise; 0 where none is proposed.</param>
    public ProposalNetwork(int features, int sites, int values, int components, int width, int depth, Rng rng)
    {
        (_values, _components) = (values, components);
        Summary = new Linear(features, width, rng.Split("summary"), Initialiser.LeCunUniform);
        Gain = new Linear(sites, width, rng.Split("gain"), Initialiser.Zeros);
        Shift = new Linear(sites, width, rng.Split("shift"), Initialiser.LeCunUniform);
        Layers = [.. Enumerable.Range(0, depth).Select(i => new Linear(width, width, rng.Split("layers").Split(i)))];
        Output = new Linear(width, values + (3 * components), rng.Split("output"), Initialiser.Zeros);
        OutputOfSite = new Linear(sites, values + (3 * components), rng.Split("site"), Initialiser.Zeros);

        // Normals that begin alike would stay alike.
        _spread = new Parameter(Tensor.From(Means(components), new Shape(components, 1), DType.Float32), isTrained: false);
    }

    public Linear Summary { get; }

    public Linear Gain { get; }

    public Linear Shift { get; }

    public IReadOnlyList<Linear> Layers { get; }

    public Linear Output { get; }

    public Linear OutputOfSite { get; }

    /// <summary>Where the means of the normals begin.</summary>
    public static double[] Means(int components) =>
        [.. Enumerable.Range(0, components).Select(j => components == 1 ? 0 : WidestMean * (((2.0 * j) / (components - 1)) - 1) / 2)];

    /// <summary>Scales between e⁻⁵ and e⁵: a posterior narrower than 0.7 % of its law is proposed too wide.</summary>
    public static double LogScale(double raw) => 5 * Math.Tanh(raw / 5);

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        tree.Add("summary", Summary);
        tree.Add("gain", Gain);
        tree.Add("shift", Shift);
        tree.Add("layers", Layers);
        tree.Add("output", Output);
        tree.Add("site", OutputOfSite);
        if (_components > 0)
        {
            tree.Add("spread", _spread);
        }
    }

    /// <summary>Raw outputs: tilts, then weights, means and scales.</summary>
    /// <param name="features">Shape <c>[features, n]</c>.</param>
    /// <param name="sites">One-hot, shape <c>[sites, n]</c>.</param>
    public Tensor Forward(Tensor features, Tensor sites)
    {
        Tensor h = Tensor.Relu((Summary.ForwardColumns(features) * (Gain.ForwardColumns(sites) + 1)) + Shift.ForwardColumns(sites));
        foreach (Linear layer in Layers)
        {
            h += layer.ForwardColumns(h, activation: Activation.Relu);
        }

        return Output.ForwardColumns(h, residual: OutputOfSite.ForwardColumns(sites));
    }

    /// <summary>The sum over columns of -log q(choice).</summary>
    /// <param name="batch">Inputs and targets.</param>
    public Tensor Loss(ProposalBatch batch)
    {
        Tensor raw = Forward(batch.Features, batch.Sites);
        Tensor? labels = _values == 0 ? null : LabelLoss(raw.Slice(0, 0, _values), batch);
        if (_components == 0)
        {
            return labels!.Sum();
        }

        Tensor noises = NoiseLoss(raw, batch.Noise) * (1 - batch.IsLabel);
        return labels is null ? noises.Sum() : (noises + (labels * batch.IsLabel)).Sum();
    }

    private static Tensor LabelLoss(Tensor tilts, ProposalBatch batch)
    {
        Tensor logits = tilts + batch.LogLaw;
        return logits.LogSumExp(0, keepAxes: true) - (logits * batch.Label).Sum(0, keepAxes: true);
    }

    private Tensor NoiseLoss(Tensor raw, Tensor noise)
    {
        Tensor weights = raw.Slice(0, _values, _components), means = raw.Slice(0, _values + _components, _components) + _spread.Value;
        Tensor logScales = 5 * Tensor.Tanh(raw.Slice(0, _values + (2 * _components), _components) / 5);
        Tensor z = (noise - means) * Tensor.Exp(-logScales);
        Tensor logs = weights - logScales - (0.5 * z * z) - Numerics.Special.SpecialFunctions.HalfLog2Pi;
        return weights.LogSumExp(0, keepAxes: true) - logs.LogSumExp(0, keepAxes: true);
    }
}
