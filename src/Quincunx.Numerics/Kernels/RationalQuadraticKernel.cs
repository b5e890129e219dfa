using System.Numerics;
using System.Numerics.Tensors;

namespace Quincunx.Numerics.Kernels;

/// <summary>Monotone rational-quadratic splines with linear tails, one for each element, and their derivatives.</summary>
/// <remarks>
/// Durkan, Bekasov, Murray and Papamakarios 2019, "Neural spline flows", arXiv:1906.04032, equations 4 to 8. An element's raw
/// parameters are K widths, K heights and K - 1 inner slopes; softmax and softplus make knots of them. Outside ±bound the
/// map is the identity. NaN in gives NaN out; ±∞ maps to itself with log-derivative 0.
/// <para>Widths and heights are stored normalised to 1 (<c>bins</c>: <c>[elements, 2K]</c>), because the way back needs them.</para>
/// </remarks>
internal static class RationalQuadraticKernel
{
    /// <summary>No bin is narrower or lower than this share of the whole, and no slope smaller: so log-derivatives stay bounded.</summary>
    public const double SmallestShare = 1e-3, SmallestSlope = 1e-3;

    private const int Block = 64;

    /// <summary>Raw slope parameter added so that a raw 0 means slope 1: softplus⁻¹(1 - <see cref="SmallestSlope"/>).</summary>
    public static readonly double SlopeShift = Math.Log(Math.Exp(1 - SmallestSlope) - 1);

    /// <summary>Raw parameters an element: 3K - 1.</summary>
    public static int ParametersPerElement(int bins) => (3 * bins) - 1;

    /// <summary>Softmax of the raw widths and heights of every element, with the smallest share kept.</summary>
    /// <param name="raw">Shape <c>[elements, 3K - 1]</c>.</param>
    /// <param name="shares">Shape <c>[elements, 2K]</c>: widths, then heights; each sums to 1.</param>
    public static void Shares<T>(ReadOnlySpan<T> raw, int bins, Span<T> shares)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int per = ParametersPerElement(bins), pair = 2 * bins, elements = shares.Length / pair;
        T smallest = T.CreateChecked(SmallestShare), rest = T.CreateChecked(1 - (SmallestShare * bins));
        for (int from = 0; from < elements; from += Block)
        {
            int to = Math.Min(elements, from + Block);
            for (int e = from; e < to; e++)
            {
                for (int half = 0; half < 2; half++)
                {
                    ReadOnlySpan<T> source = raw.Slice((e * per) + (half * bins), bins);
                    T largest = source[0];
                    for (int k = 1; k < source.Length; k++)
                    {
                        largest = source[k] > largest ? source[k] : largest;
                    }

                    Span<T> target = shares.Slice((e * pair) + (half * bins), bins);
                    for (int k = 0; k < source.Length; k++)
                    {
                        target[k] = source[k] - largest;
                    }
                }
            }

            Span<T> block = shares[(from * pair)..(to * pair)];
            TensorPrimitives.Exp(block, block);
            for (int at = 0; at < block.Length; at += bins)
            {
                Span<T> part = block.Slice(at, bins);
                T sum = T.Zero;
                foreach (T value in part)
                {
                    sum += value;
                }

                T scale = rest / sum;
                for (int k = 0; k < part.Length; k++)
                {
                    part[k] = smallest + (part[k] * scale);
                }
            }
        }
    }

    /// <summary>y = f(x) and log f′(x) for every element.</summary>
    /// <param name="x">Shape <c>[elements]</c>.</param>
    /// <param name="raw">Shape <c>[elements, 3K - 1]</c>; only the slopes are read.</param>
    /// <param name="shares">From <see cref="Shares"/>.</param>
    public static void Forward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> raw, ReadOnlySpan<T> shares, int bins, T bound, Span<T> y, Span<T> logSlope)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T two = T.One + T.One;
        for (int e = 0; e < x.Length; e++)
        {
            if (!(T.Abs(x[e]) < bound))
            {
                (y[e], logSlope[e]) = (x[e], T.IsNaN(x[e]) ? T.NaN : T.Zero);
                continue;
            }

            var bin = Bin<T>.Containing(x[e], raw, shares, e, bins, bound, byHeight: false);
            T xi = (x[e] - bin.X) / bin.Width, a = xi * (T.One - xi), s = bin.Height / bin.Width;
            T denominator = s + ((bin.SlopeRight + bin.SlopeLeft - (two * s)) * a);
            T numerator = (s * xi * xi) + (bin.SlopeLeft * a);
            T q = (bin.SlopeRight * xi * xi) + (two * s * a) + (bin.SlopeLeft * (T.One - xi) * (T.One - xi));
            y[e] = bin.Y + (bin.Height * numerator / denominator);
            T ratio = s / denominator;
            logSlope[e] = T.Log(ratio * ratio * q);
        }
    }

    /// <summary>x = f⁻¹(y) and log f′(x) for every element.</summary>
    /// <remarks>The root of the quadratic is taken in the form that does not cancel (equation 8).</remarks>
    public static void Inverse<T>(
        ReadOnlySpan<T> y, ReadOnlySpan<T> raw, ReadOnlySpan<T> shares, int bins, T bound, Span<T> x, Span<T> logSlope)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T two = T.One + T.One, four = two + two;
        for (int e = 0; e < y.Length; e++)
        {
            if (!(T.Abs(y[e]) < bound))
            {
                (x[e], logSlope[e]) = (y[e], T.IsNaN(y[e]) ? T.NaN : T.Zero);
                continue;
            }

            var bin = Bin<T>.Containing(y[e], raw, shares, e, bins, bound, byHeight: true);
            T s = bin.Height / bin.Width, t = bin.SlopeRight + bin.SlopeLeft - (two * s), rise = y[e] - bin.Y;
            T a = (bin.Height * (s - bin.SlopeLeft)) + (rise * t);
            T b = (bin.Height * bin.SlopeLeft) - (rise * t);
            T c = -s * rise;
            T root = T.Sqrt(T.Max(T.Zero, (b * b) - (four * a * c)));
            T xi = T.Clamp(two * c / (-b - root), T.Zero, T.One);
            T mixed = xi * (T.One - xi), denominator = s + (t * mixed);
            T q = (bin.SlopeRight * xi * xi) + (two * s * mixed) + (bin.SlopeLeft * (T.One - xi) * (T.One - xi));
            x[e] = bin.X + (xi * bin.Width);
            T ratio = s / denominator;
            logSlope[e] = T.Log(ratio * ratio * q);
        }
    }

    /// <summary>Gradients of Σ gradientY · y + gradientLog · Σ log f′ with respect to x and the raw parameters.</summary>
    /// <param name="gradientX">Shape <c>[elements]</c>, overwritten.</param>
    /// <param name="gradientRaw">Shape <c>[elements, 3K - 1]</c>, overwritten.</param>
    public static void Backward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> raw, ReadOnlySpan<T> shares, int bins, T bound, ReadOnlySpan<T> gradientY,
        T gradientLog, Span<T> gradientX, Span<T> gradientRaw)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int per = ParametersPerElement(bins), pair = 2 * bins;
        T two = T.One + T.One, span = two * bound;
        T smallest = T.CreateChecked(SmallestShare);
        gradientRaw.Clear();
        for (int e = 0; e < x.Length; e++)
        {
            T gy = gradientY[e], gl = gradientLog;
            if (!(T.Abs(x[e]) < bound))
            {
                gradientX[e] = T.IsNaN(x[e]) ? T.NaN : gy;
                continue;
            }

            var bin = Bin<T>.Containing(x[e], raw, shares, e, bins, bound, byHeight: false);
            T width = bin.Width, height = bin.Height, left = bin.SlopeLeft, right = bin.SlopeRight;
            T xi = (x[e] - bin.X) / width, rest = T.One - xi, a = xi * rest, s = height / width;
            T t = right + left - (two * s), slopeOfA = T.One - (two * xi);
            T n = (s * xi * xi) + (left * a), d = s + (t * a);
            T q = (right * xi * xi) + (two * s * a) + (left * rest * rest);
            T inverseD = T.One / d, inverseQ = T.One / q, level = n * inverseD, scale = gy * height * inverseD;

            // y = Y + height n/d and log f′ = 2 log s + log q - 2 log d, differentiated by xi, s, left and right.
            T dXi = t * slopeOfA, dS = T.One - (two * a);
            T byXi = (scale * ((two * s * xi) + (left * slopeOfA) - (level * dXi)))
                + (gl * (((((right * xi) - (left * rest)) + (s * slopeOfA)) * two * inverseQ) - (two * dXi * inverseD)));
            T byS = (scale * ((xi * xi) - (level * dS)))
                + (gl * ((two / s) + (two * a * inverseQ) - (two * dS * inverseD)));
            T byLeft = (scale * a * (T.One - level)) + (gl * ((rest * rest * inverseQ) - (two * a * inverseD)));
            T byRight = (-scale * a * level) + (gl * ((xi * xi * inverseQ) - (two * a * inverseD)));
            T byX = byXi / width;
            gradientX[e] = byX;

            // Knots: X is the sum of the widths before the bin; Y that of the heights.
            Span<T> target = gradientRaw.Slice(e * per, per);
            ReadOnlySpan<T> share = shares.Slice(e * pair, pair);
            Softmax(share[..bins], bin.Index, -byX * span, ((-byXi * xi) - (byS * s)) / width * span, smallest, target[..bins]);
            Softmax(share[bins..], bin.Index, gy * span, ((gy * level) + (byS / width)) * span, smallest, target.Slice(bins, bins));
            if (bin.Index > 0)
            {
                target[(2 * bins) + bin.Index - 1] = byLeft * SlopeDerivative(left);
            }

            if (bin.Index < bins - 1)
            {
                target[(2 * bins) + bin.Index] = byRight * SlopeDerivative(right);
            }
        }
    }

    // d softplus(v)/dv = sigmoid(v) = 1 - exp(-softplus(v)).
    private static T SlopeDerivative<T>(T slope)
        where T : unmanaged, IFloatingPointIeee754<T> => T.One - T.Exp(T.CreateTruncating(SmallestSlope) - slope);

    // The gradient is `before` for shares ahead of the bin, `at` for the bin itself and 0 behind it.
    private static void Softmax<T>(ReadOnlySpan<T> shares, int index, T before, T at, T smallest, Span<T> target)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T mean = T.Zero, rest = T.One - (smallest * T.CreateTruncating(shares.Length));
        for (int k = 0; k < index; k++)
        {
            mean += shares[k] - smallest;
        }

        mean = ((mean * before) + ((shares[index] - smallest) * at)) / rest;
        for (int k = 0; k < shares.Length; k++)
        {
            T gradient = k < index ? before : k == index ? at : T.Zero;
            target[k] = (shares[k] - smallest) * (gradient - mean);
        }
    }

    private readonly ref struct Bin<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public int Index { get; private init; }

        public T X { get; private init; }

        public T Y { get; private init; }

        public T Width { get; private init; }

        public T Height { get; private init; }

        public T SlopeLeft { get; private init; }

        public T SlopeRight { get; private init; }

        public static Bin<T> Containing(
            T value, ReadOnlySpan<T> raw, ReadOnlySpan<T> shares, int element, int bins, T bound, bool byHeight)
        {
            T span = bound + bound;
            ReadOnlySpan<T> widths = shares.Slice(element * 2 * bins, bins), heights = shares.Slice((element * 2 * bins) + bins, bins);
            ReadOnlySpan<T> searched = byHeight ? heights : widths;
            T x = T.Zero, y = T.Zero, level = (value + bound) / span;
            int index = 0;
            while (index < bins - 1 && level >= (byHeight ? y : x) + searched[index])
            {
                x += widths[index];
                y += heights[index];
                index++;
            }

            ReadOnlySpan<T> slopes = raw.Slice((element * ParametersPerElement(bins)) + (2 * bins), bins - 1);
            return new Bin<T>
            {
                Index = index,
                X = (x * span) - bound,
                Y = (y * span) - bound,
                Width = widths[index] * span,
                Height = heights[index] * span,
                SlopeLeft = index == 0 ? T.One : Slope(slopes[index - 1]),
                SlopeRight = index == bins - 1 ? T.One : Slope(slopes[index]),
            };
        }

        private static T Slope(T raw)
        {
            // softplus in the form that neither overflows nor cancels for large |v|; for very negative v the smallest slope rules.
            T v = raw + T.CreateTruncating(SlopeShift);
            return T.CreateTruncating(SmallestSlope) + T.Max(v, T.Zero) + T.Log(T.One + T.Exp(-T.Abs(v)));
        }
    }
}
