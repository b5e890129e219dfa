using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>A monotone rational-quadratic spline for every element, the identity outside ±<paramref name="bound"/>.</summary>
    /// <param name="x">Shape <c>[n, d]</c>.</param>
    /// <param name="raw">Shape <c>[n, d (3 bins - 1)]</c>: for each element the raw widths, heights and inner slopes; zeros give the identity.</param>
    /// <param name="bins">At least 2.</param>
    /// <returns>Shape <c>[n, d + 1]</c>: f(x), and in the last column Σ log f′ over the row.</returns>
    /// <remarks>Durkan et al. 2019, arXiv:1906.04032. NaN gives NaN; ±∞ is kept.</remarks>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Tensor RationalQuadraticSpline(Tensor x, Tensor raw, int bins, double bound)
    {
        CheckSpline(x, raw, bins, bound);
        Tensor shares = Allocate(new Shape(x.Count, 2 * bins), x.DType);
        Tensor y = Allocate(new Shape(x.Shape[0], x.Shape[1] + 1), x.DType);
        Kernel.Run(new SplineKernel(x, raw, bins, bound, shares, y, false), [y, shares], [x, raw]);

        return Recording.Of(y, (_, gradient, pull) => SplineBackward(gradient, pull, shares, bins, bound), x, raw);
    }

    /// <summary>The inverse of <see cref="RationalQuadraticSpline"/> in x, for sampling: it is not recorded.</summary>
    /// <returns>Shape <c>[n, d + 1]</c>: f⁻¹(y), and in the last column Σ log f′ at that point.</returns>
    public static Tensor RationalQuadraticSplineInverse(Tensor y, Tensor raw, int bins, double bound)
    {
        CheckSpline(y, raw, bins, bound);
        Tensor shares = Allocate(new Shape(y.Count, 2 * bins), y.DType);
        Tensor x = Allocate(new Shape(y.Shape[0], y.Shape[1] + 1), y.DType);
        Kernel.Run(new SplineKernel(y, raw, bins, bound, shares, x, true), [x, shares], [y, raw]);

        return x;
    }

    private static void CheckSpline(Tensor x, Tensor raw, int bins, double bound)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(raw);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        x.RequireSameType(raw, nameof(RationalQuadraticSpline));
        if (x.Rank != 2 || raw.Rank != 2 || raw.Shape[0] != x.Shape[0]
            || raw.Shape[1] != x.Shape[1] * RationalQuadraticKernel.ParametersPerElement(bins))
        {
            throw ShapeException.Pair(nameof(RationalQuadraticSpline), x.Shape, raw.Shape, $"{bins} bins take {(3 * bins) - 1} numbers an element.");
        }
    }

    private readonly struct SplineKernel(Tensor x, Tensor raw, int bins, double bound, Tensor shares, Tensor result, bool inverse) : IKernel
    {
        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => SplineForward<T>(x, raw, bins, bound, shares, result, inverse);
    }

    private readonly struct SplineGradientKernel(
        Tensor x, Tensor raw, Tensor shares, int bins, double bound, Tensor gradient, Tensor gradientX, Tensor gradientRaw) : IKernel
    {
        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => SplineBackward<T>(x, raw, shares, bins, bound, gradient, gradientX, gradientRaw);
    }

    private static void SplineForward<T>(Tensor x, Tensor raw, int bins, double bound, Tensor shares, Tensor result, bool inverse)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int d = x.Shape[1];
        ReadOnlySpan<T> source = x.Elements<T>(), parameters = raw.Elements<T>();
        Span<T> normal = shares.Writable<T>(), into = result.Writable<T>(), logs = stackalloc T[Math.Min(d, 256)];
        logs = d > logs.Length ? new T[d] : logs;
        RationalQuadraticKernel.Shares(parameters, bins, normal);
        int per = d * RationalQuadraticKernel.ParametersPerElement(bins), pair = 2 * bins * d;
        T limit = T.CreateChecked(bound);
        for (int row = 0; row < x.Shape[0]; row++)
        {
            ReadOnlySpan<T> from = source.Slice(row * d, d), rowRaw = parameters.Slice(row * per, per), rowShares = normal.Slice(row * pair, pair);
            Span<T> to = into.Slice(row * (d + 1), d + 1);
            if (inverse)
            {
                RationalQuadraticKernel.Inverse(from, rowRaw, rowShares, bins, limit, to[..d], logs);
            }
            else
            {
                RationalQuadraticKernel.Forward(from, rowRaw, rowShares, bins, limit, to[..d], logs);
            }

            T sum = T.Zero;
            for (int i = 0; i < d; i++)
            {
                sum += logs[i];
            }

            to[d] = sum;
        }
    }

    private static void SplineBackward(Tensor gradient, Pull pull, Tensor shares, int bins, double bound)
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
            new SplineGradientKernel(x, raw, shares, bins, bound, gradient, gradientX, gradientRaw), [gradientX, gradientRaw], [x, raw, shares, gradient]);
        pull.Set(0, gradientX);
        pull.Set(1, gradientRaw);
    }

    private static void SplineBackward<T>(
        Tensor x, Tensor raw, Tensor shares, int bins, double bound, Tensor gradient, Tensor gradientX, Tensor gradientRaw)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int d = x.Shape[1], per = d * RationalQuadraticKernel.ParametersPerElement(bins), pair = 2 * bins * d;
        ReadOnlySpan<T> source = x.Elements<T>(), parameters = raw.Elements<T>(), normal = shares.Elements<T>(), incoming = gradient.Elements<T>();
        Span<T> intoX = gradientX.Writable<T>(), intoRaw = gradientRaw.Writable<T>();
        T limit = T.CreateChecked(bound);
        for (int row = 0; row < x.Shape[0]; row++)
        {
            ReadOnlySpan<T> from = incoming.Slice(row * (d + 1), d + 1);
            RationalQuadraticKernel.Backward(
                source.Slice(row * d, d), parameters.Slice(row * per, per), normal.Slice(row * pair, pair), bins, limit, from[..d], from[d],
                intoX.Slice(row * d, d), intoRaw.Slice(row * per, per));
        }
    }

    private static Tensor Alias(Tensor x) => x.IsTracked
        ? Recording.Of(x.View(x.Shape), static (_, gradient, pull) => pull.Set(0, gradient), x)
        : x.Track();

    /// <summary>The same map in operations that each have a rule: slower, and differentiable without end.</summary>
    internal static Tensor ComposedSpline(Tensor x, Tensor raw, int bins, double bound)
    {
        int n = x.Shape[0], d = x.Shape[1];
        DType dtype = x.DType;
        Tensor grid = raw.Reshape(n, d, (3 * bins) - 1);
        double rest = 1 - (RationalQuadraticKernel.SmallestShare * bins);
        Tensor widths = ((Softmax(grid.Slice(2, 0, bins)) * rest) + RationalQuadraticKernel.SmallestShare) * (2 * bound);
        Tensor heights = ((Softmax(grid.Slice(2, bins, bins)) * rest) + RationalQuadraticKernel.SmallestShare) * (2 * bound);
        Tensor end = Ones(new Shape(n, d, 1), dtype);
        Tensor inner = Softplus(grid.Slice(2, 2 * bins, bins - 1) + RationalQuadraticKernel.SlopeShift) + RationalQuadraticKernel.SmallestSlope;
        Tensor slopes = Concat([end, inner, end], axis: 2);

        // Left knots are sums of the widths before them: a product with a strictly triangular matrix of ones.
        Tensor before = Ones(new Shape(bins, bins), dtype).Triu(1);
        Tensor knotsX = MatMul(widths, before) - bound, knotsY = MatMul(heights, before) - bound;
        Tensor inside = Less(Abs(x), bound), safe = Where(inside, x, 0.0), place = safe.Reshape(n, d, 1);
        Tensor reached = GreaterOrEqual(place, knotsX).Detach();
        Tensor chosen = reached - Concat([reached.Slice(2, 1, bins - 1), Zeros(new Shape(n, d, 1), dtype)], axis: 2);
        Tensor Pick(Tensor values) => (chosen * values).Sum(axis: 2);

        Tensor width = Pick(widths), height = Pick(heights), left = Pick(slopes.Slice(2, 0, bins)), right = Pick(slopes.Slice(2, 1, bins));
        Tensor xi = (safe - Pick(knotsX)) / width, a = xi * (1.0 - xi), s = height / width;
        Tensor denominator = s + ((right + left - (2.0 * s)) * a);
        Tensor y = Pick(knotsY) + (height * ((s * xi * xi) + (left * a)) / denominator);
        Tensor q = (right * xi * xi) + (2.0 * s * a) + (left * (1.0 - xi) * (1.0 - xi));
        Tensor log = (2.0 * Log(s)) + Log(q) - (2.0 * Log(denominator));
        Tensor logDet = Where(inside, log, 0.0).Sum(axis: 1, keepAxes: true);
        return Concat([Where(inside, y, x), logDet], axis: 1);
    }
}
