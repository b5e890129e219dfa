using Quincunx.Inference.Samplers;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.BayesianNetworks;

/// <summary>The posterior of a network's weights given simulations, up to a constant: normal densities of parameters times the prior of weights.</summary>
/// <remarks>
/// <para>
/// The network has one hidden layer: u = tanh(s (W x / √k + c)), means m = b + λ L x / √k + μ V u / √h, log-precisions a = α + δ e + ν S u / √h. Parameters z have r = exp(a) ∘ (I + κ C) (z - m) standard normal, with C below the diagonal
/// and divided by √(d - 1): any covariance, of which the widths depend on x and the correlations do not.
/// </para>
/// <para>
/// All of W, c, b, L, V, S, e, C are standard normal a priori, and so are the logs of the scales s, λ, μ, ν, κ, δ and α, after shift and factor (<see cref="Centres"/>, <see cref="Spreads"/>): layers are scaled by fan-in (Neal 1996, Bayesian Learning for Neural Networks, section 2.1), the scale of each is inferred, and nothing is centred at what
/// another coordinate says (Papaspiliopoulos, Roberts and Sköld 2007, Statistical Science 22, 59), so that chains meet no funnel where simulations say little.
/// </para>
/// </remarks>
internal sealed class WeightTarget
{
    /// <summary>Of the common log-precision α: parameters are standardised, so that the noise has a standard deviation of e^-0.5, times or over e.</summary>
    public const double PrecisionCentre = 0.5, PrecisionSpread = 1;

    private readonly WeightLayout _layout;
    private readonly Tensor _x, _z, _centres, _spreads;
    private readonly (Indices Positions, Tensor Mask)? _triangle;

    /// <param name="x">Scaled outputs, <c>[n, k]</c>.</param>
    /// <param name="z">Standardised unconstrained parameters, <c>[n, d]</c>.</param>
    public WeightTarget(WeightLayout layout, ReadOnlySpan<double> x, ReadOnlySpan<double> z)
    {
        (int d, int k) = (layout.Dimension, layout.Features);
        _layout = layout;
        _x = Tensor.From(Transposed(x, k), new Shape(k, x.Length / k));
        _z = Tensor.From(Transposed(z, d), new Shape(d, z.Length / d));
        _centres = Tensor.From(Centres, new Shape(WeightLayout.Scales));
        _spreads = Tensor.From(Spreads, new Shape(WeightLayout.Scales));
        _triangle = d > 1 ? Triangle(d) : null;
    }

    /// <summary>Logs of the medians of the scales, in the order of <see cref="WeightLayout.Scales"/>.</summary>
    public static double[] Centres { get; } = [0, 0, 0, Math.Log(0.3), Math.Log(0.5), Math.Log(0.3)];

    /// <summary>Standard deviations of those logs: 0.5 where a network that steps from simulation to simulation, or is sharp at one of them alone, would follow from a large scale.</summary>
    public static double[] Spreads { get; } = [1, 0.5, 1, 0.5, 1, 1];

    /// <summary>As the samplers take it.</summary>
    public TensorTarget Target => new(_layout.Count, LogDensity);

    /// <param name="w">Shape <c>[chains, <see cref="WeightLayout.Count"/>]</c>.</param>
    /// <returns>Shape <c>[chains]</c>.</returns>
    public Tensor LogDensity(Tensor w)
    {
        (int d, int k, int h) = (_layout.Dimension, _layout.Features, _layout.Hidden);
        int n = w.Shape[0];
        Tensor scales = Tensor.Exp((w.Slice(1, 0, WeightLayout.Scales) * _spreads) + _centres);
        Tensor projected = Tensor.MatMul(w.Slice(1, _layout.Inputs, (h + d) * k).Reshape(n, h + d, k), _x) * (1 / Math.Sqrt(k));
        Tensor means = (projected.Slice(1, h, d) * Scale(0)) + Column(_layout.Biases, d);
        Tensor logs = (Column(_layout.Precision, 1) * PrecisionSpread) + PrecisionCentre + (Column(_layout.Offsets, d) * Scale(5));
        if (h > 0)
        {
            Tensor units = Tensor.Tanh((projected.Slice(1, 0, h) + Column(_layout.HiddenBiases, h)) * Scale(1));
            Tensor outputs = Tensor.MatMul(w.Slice(1, _layout.Outputs, 2 * d * h).Reshape(n, 2 * d, h), units) * (1 / Math.Sqrt(h));
            means += outputs.Slice(1, 0, d) * Scale(2);
            logs += outputs.Slice(1, d, d) * Scale(3);
        }

        Tensor apart = _z - means;
        if (_triangle is { } triangle)
        {
            Tensor coupling = (w.Slice(1, _layout.Coupling, _layout.Pairs).IndexSelect(1, triangle.Positions) * triangle.Mask).Reshape(n, d, d);
            apart += Tensor.MatMul(coupling, apart) * (Scale(4) * (1 / Math.Sqrt(d - 1)));
        }

        // Logs that do not depend on x stand once for all rows.
        Tensor logSum = logs.Sum([1, 2]) * (h > 0 ? 1 : _x.Shape[1]);
        return logSum - ((Tensor.Square(apart * Tensor.Exp(logs)).Sum([1, 2]) + Tensor.Square(w).Sum(1)) * 0.5);

        Tensor Scale(int which) => scales.Slice(1, which, 1).Reshape(n, 1, 1);

        Tensor Column(int from, int count) => w.Slice(1, from, count).Reshape(n, count, 1);
    }

    // Positions of a packed triangle in rows of a matrix, and a mask for what is not below the diagonal.
    private static (Indices Positions, Tensor Mask) Triangle(int d)
    {
        int[] positions = new int[d * d];
        double[] mask = new double[d * d];
        for (int i = 1, next = 0; i < d; i++)
        {
            for (int j = 0; j < i; j++)
            {
                (positions[(i * d) + j], mask[(i * d) + j]) = (next++, 1);
            }
        }

        return (positions, Tensor.From(mask, new Shape(d * d)));
    }

    private static double[] Transposed(ReadOnlySpan<double> rows, int columns)
    {
        double[] result = new double[rows.Length];
        int n = rows.Length / columns;
        for (int i = 0; i < rows.Length; i++)
        {
            result[(i % columns * n) + (i / columns)] = rows[i];
        }

        return result;
    }
}
