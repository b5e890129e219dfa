using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>A monotone rational-quadratic spline for every element, the identity outside ±<paramref name="bound"/>; examples are columns.</summary>
    /// <param name="x">Shape <c>[d, n]</c>.</param>
    /// <param name="raw">Shape <c>[d (3 bins - 1), n]</c>: for each element the rows of raw widths, heights and inner slopes; zeros give the identity.</param>
    /// <param name="bins">2 to 999: each keeps at least a thousandth of the interval.</param>
    /// <param name="bound">Half-width of the interval; positive and finite.</param>
    /// <returns>Shape <c>[d + 1, n]</c>: f(x), and in the last row Σ log f′ over the column.</returns>
    /// <remarks>Durkan et al. 2019, arXiv:1906.04032. NaN gives NaN; ±∞ is kept.</remarks>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Tensor RationalQuadraticSpline(Tensor x, Tensor raw, int bins, double bound)
    {
        CheckSpline(nameof(RationalQuadraticSpline), x, raw, bins, bound);
        int d = x.Shape[0], n = x.Shape[1];
        Tensor y = Allocate(new Shape(d + 1, n), x.DType);
        if (!Recording.IsOn || !(x.IsTracked || raw.IsTracked))
        {
            return Kernel.Run(new SplineKernel(x, raw, bins, bound, y, pieces: null), y, x, raw);
        }

        Tensor pieces = Allocate(new Shape(RationalQuadraticKernel.PieceLength(d, n)), x.DType);
        Kernel.Run(new SplineKernel(x, raw, bins, bound, y, pieces), [y, pieces], [x, raw]);
        return Recording.Of(y, (_, gradient, pull) => SplineBackward(gradient, pull, pieces, bins, bound), x, raw);
    }

    /// <summary>The inverse of <see cref="RationalQuadraticSpline"/> in x, for sampling: it is not recorded.</summary>
    /// <returns>Shape <c>[d + 1, n]</c>: f⁻¹(y), and in the last row Σ log f′ at that point.</returns>
    /// <inheritdoc cref="RationalQuadraticSpline"/>
    /// <param name="y">Shape <c>[d, n]</c>.</param>
    /// <param name="raw">As there.</param>
    public static Tensor RationalQuadraticSplineInverse(Tensor y, Tensor raw, int bins, double bound)
    {
        CheckSpline(nameof(RationalQuadraticSplineInverse), y, raw, bins, bound);
        Tensor x = Allocate(new Shape(y.Shape[0] + 1, y.Shape[1]), y.DType);
        return Kernel.Run(new SplineInverseKernel(y, raw, bins, bound, x), x, y, raw);
    }

    private static void CheckSpline(string operation, Tensor x, Tensor raw, int bins, double bound)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(raw);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, RationalQuadraticKernel.MostBins);
        if (!(bound > 0) || !double.IsFinite(bound))
        {
            throw new ArgumentOutOfRangeException(nameof(bound), bound, "Expected a positive number.");
        }

        x.RequireSameType(raw, operation);
        if (x.Rank != 2 || raw.Rank != 2 || raw.Shape[1] != x.Shape[1]
            || raw.Shape[0] != x.Shape[0] * RationalQuadraticKernel.ParametersPerElement(bins))
        {
            throw ShapeException.Pair(operation, x.Shape, raw.Shape, $"{bins} bins take {(3 * bins) - 1} rows an element.");
        }
    }

    private readonly struct SplineKernel(Tensor x, Tensor raw, int bins, double bound, Tensor y, Tensor? pieces) : INotedKernel
    {
        public OperationNote Note => new("RationalQuadraticSpline", ("bins", bins), ("bound", bound));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => RationalQuadraticKernel.Forward(
                x.Shape[0], x.Shape[1], bins, bound, x.Elements<T>(), raw.Elements<T>(), y.Writable<T>(), pieces is null ? [] : pieces.Writable<T>());
    }

    private readonly struct SplineInverseKernel(Tensor y, Tensor raw, int bins, double bound, Tensor x) : INotedKernel
    {
        public OperationNote Note => new("RationalQuadraticSplineInverse", ("bins", bins), ("bound", bound));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => RationalQuadraticKernel.Inverse(
                y.Shape[0], y.Shape[1], bins, bound, y.Elements<T>(), raw.Elements<T>(), x.Writable<T>());
    }

    private readonly struct SplineGradientKernel(
        Tensor x, Tensor raw, int bins, double bound, Tensor pieces, Tensor gradient, Tensor gradientX, Tensor gradientRaw) : IKernel
    {
        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => RationalQuadraticKernel.Backward(
                x.Shape[0], x.Shape[1], bins, bound, x.Elements<T>(), raw.Elements<T>(), pieces.Elements<T>(), gradient.Elements<T>(),
                gradientX.Writable<T>(), gradientRaw.Writable<T>());
    }

    private static void SplineBackward(Tensor gradient, Pull pull, Tensor pieces, int bins, double bound)
    {
        Tensor x = pull.Inputs[0], raw = pull.Inputs[1];
        if (Recording.IsOn)
        {
            // Somebody differentiates this gradient again: go through the composition, whose parts all have rules. Aliases keep
            // the walk inside it, since raw may itself depend on x.
            Tensor aliasX = Alias(x), aliasRaw = Alias(raw);
            Tensor[] both = Gradient.VectorJacobian(ComposedSpline(aliasX, aliasRaw, bins, bound), gradient, [aliasX, aliasRaw], differentiable: true);
            pull.Set(0, both[0]);
            pull.Set(1, both[1]);
            return;
        }

        Tensor gradientX = Allocate(x.Shape, x.DType), gradientRaw = Allocate(raw.Shape, x.DType);
        Kernel.Run(
            new SplineGradientKernel(x, raw, bins, bound, pieces, gradient, gradientX, gradientRaw), [gradientX, gradientRaw], [x, raw, pieces, gradient]);
        pull.Set(0, gradientX);
        pull.Set(1, gradientRaw);
    }

    private static Tensor Alias(Tensor x) => x.IsTracked
        ? Recording.Of(x.View(x.Shape), static (_, gradient, pull) => pull.Set(0, gradient), x)
        : x.Track();

    /// <summary>The same map in operations that each have a rule: slower, and differentiable without end.</summary>
    internal static Tensor ComposedSpline(Tensor x, Tensor raw, int bins, double bound)
    {
        int d = x.Shape[0], n = x.Shape[1];
        DType dtype = x.DType;
        Tensor grid = raw.Reshape(d, (3 * bins) - 1, n);
        double rest = 1 - (RationalQuadraticKernel.SmallestShare * bins);
        Tensor widths = ((Softmax(grid.Slice(1, 0, bins), axis: 1) * rest) + RationalQuadraticKernel.SmallestShare) * (2 * bound);
        Tensor heights = ((Softmax(grid.Slice(1, bins, bins), axis: 1) * rest) + RationalQuadraticKernel.SmallestShare) * (2 * bound);
        Tensor end = Ones(new Shape(d, 1, n), dtype);
        Tensor inner = Softplus(grid.Slice(1, 2 * bins, bins - 1) + RationalQuadraticKernel.SlopeShift) + RationalQuadraticKernel.SmallestSlope;
        Tensor slopes = Concat([end, inner, end], axis: 1);

        // Left knots are sums of the widths before them: a product with a strictly triangular matrix of ones.
        Tensor before = Ones(new Shape(bins, bins), dtype).Tril(-1);
        Tensor knotsX = MatMul(before, widths) - bound, knotsY = MatMul(before, heights) - bound;
        Tensor inside = Less(Abs(x), bound), safe = Where(inside, x, 0.0), place = safe.Reshape(d, 1, n);
        Tensor reached = GreaterOrEqual(place, knotsX).Detach();
        Tensor chosen = reached - Concat([reached.Slice(1, 1, bins - 1), Zeros(new Shape(d, 1, n), dtype)], axis: 1);
        Tensor Pick(Tensor values) => (chosen * values).Sum(axis: 1);

        Tensor width = Pick(widths), height = Pick(heights), left = Pick(slopes.Slice(1, 0, bins)), right = Pick(slopes.Slice(1, 1, bins));
        Tensor xi = (safe - Pick(knotsX)) / width, a = xi * (1.0 - xi), s = height / width;
        Tensor denominator = s + ((right + left - (2.0 * s)) * a);
        Tensor y = Pick(knotsY) + (height * ((s * xi * xi) + (left * a)) / denominator);
        Tensor q = (right * xi * xi) + (2.0 * s * a) + (left * (1.0 - xi) * (1.0 - xi));
        Tensor log = (2.0 * Log(s)) + Log(q) - (2.0 * Log(denominator));
        Tensor logDet = Where(inside, log, 0.0).Sum(axis: 0, keepAxes: true);
        return Concat([Where(inside, y, x), logDet], axis: 0);
    }
}
