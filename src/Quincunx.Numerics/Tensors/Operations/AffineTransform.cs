using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>x exp(s) + t for every element, with s = <paramref name="largestLogScale"/> · tanh(raw s / <paramref name="largestLogScale"/>); examples are columns.</summary>
    /// <param name="x">Shape <c>[d, n]</c>.</param>
    /// <param name="raw">Shape <c>[2 d, n]</c>: for each element the row of t and the row of the raw s.</param>
    /// <param name="largestLogScale">Bound of |s|, reached smoothly; positive and finite.</param>
    /// <returns>Shape <c>[d + 1, n]</c>: the images, and in the last row Σ s over the column, which is the log-determinant.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Tensor AffineTransform(Tensor x, Tensor raw, double largestLogScale)
    {
        CheckAffine(nameof(AffineTransform), x, raw, largestLogScale);
        Tensor y = Allocate(new Shape(x.Shape[0] + 1, x.Shape[1]), x.DType);
        Kernel.Run(new AffineKernel(x, raw, largestLogScale, y), y, x, raw);
        return Recording.Of(y, (_, gradient, pull) => AffineBackward(gradient, pull, largestLogScale), x, raw);
    }

    /// <summary>The inverse of <see cref="AffineTransform"/> in x: (y - t) exp(-s).</summary>
    /// <returns>Shape <c>[d + 1, n]</c>: the inverse images, and in the last row Σ s over the column: minus the log-determinant of this map.</returns>
    /// <inheritdoc cref="AffineTransform"/>
    /// <param name="y">Shape <c>[d, n]</c>.</param>
    /// <param name="raw">As there.</param>
    public static Tensor AffineTransformInverse(Tensor y, Tensor raw, double largestLogScale)
    {
        CheckAffine(nameof(AffineTransformInverse), y, raw, largestLogScale);
        Tensor x = Allocate(new Shape(y.Shape[0] + 1, y.Shape[1]), y.DType);
        Kernel.Run(new AffineInverseKernel(y, raw, largestLogScale, x), x, y, raw);
        return Recording.Of(x, (_, gradient, pull) => AffineInverseBackward(gradient, pull, largestLogScale), y, raw);
    }

    private static void CheckAffine(string operation, Tensor x, Tensor raw, double largestLogScale)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(raw);
        if (!(largestLogScale > 0) || !double.IsFinite(largestLogScale))
        {
            throw new ArgumentOutOfRangeException(nameof(largestLogScale), largestLogScale, "Expected a positive number.");
        }

        x.RequireSameType(raw, operation);
        if (x.Rank != 2 || raw.Rank != 2 || raw.Shape[1] != x.Shape[1] || raw.Shape[0] != 2 * x.Shape[0])
        {
            throw ShapeException.Pair(operation, x.Shape, raw.Shape, "an element takes 2 rows.");
        }
    }

    private readonly struct AffineKernel(Tensor x, Tensor raw, double largest, Tensor y) : INotedKernel
    {
        public OperationNote Note => new("AffineTransform", ("largest", largest));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> =>
            AffineTransformKernel.Forward(x.Shape[0], x.Shape[1], largest, x.Elements<T>(), raw.Elements<T>(), y.Writable<T>());
    }

    private readonly struct AffineInverseKernel(Tensor y, Tensor raw, double largest, Tensor x) : INotedKernel
    {
        public OperationNote Note => new("AffineTransformInverse", ("largest", largest));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> =>
            AffineTransformKernel.Inverse(y.Shape[0], y.Shape[1], largest, y.Elements<T>(), raw.Elements<T>(), x.Writable<T>());
    }

    private readonly struct AffineGradientKernel(
        Tensor x, Tensor raw, double largest, Tensor gradient, Tensor gradientX, Tensor gradientRaw) : IKernel
    {
        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => AffineTransformKernel.Backward(
                x.Shape[0], x.Shape[1], largest, x.Elements<T>(), raw.Elements<T>(), gradient.Elements<T>(), gradientX.Writable<T>(), gradientRaw.Writable<T>());
    }

    private static void AffineBackward(Tensor gradient, Pull pull, double largest)
    {
        Tensor x = pull.Inputs[0], raw = pull.Inputs[1];
        if (Recording.IsOn)
        {
            int d = x.Shape[0];
            // Somebody differentiates this gradient again: the same in operations that each have a rule.
            (_, Tensor log, Tensor slope) = AffineParts(raw, largest);
            Tensor byY = gradient.Slice(0, 0, d), byX = byY * Exp(log);
            pull.Set(0, byX);
            pull.Set(1, AffineRaw(byY, ((byX * x) + gradient.Slice(0, d, 1)) * slope));
            return;
        }

        Tensor gradientX = Allocate(x.Shape, x.DType), gradientRaw = Allocate(raw.Shape, x.DType);
        Kernel.Run(new AffineGradientKernel(x, raw, largest, gradient, gradientX, gradientRaw), [gradientX, gradientRaw], [x, raw, gradient]);
        pull.Set(0, gradientX);
        pull.Set(1, gradientRaw);
    }

    // Sampling is seldom differentiated: no kernel of its own.
    private static void AffineInverseBackward(Tensor gradient, Pull pull, double largest)
    {
        Tensor y = pull.Inputs[0], raw = pull.Inputs[1];
        int d = y.Shape[0];
        (Tensor shift, Tensor log, Tensor slope) = AffineParts(raw, largest);
        Tensor byY = gradient.Slice(0, 0, d) * Exp(-log);
        pull.Set(0, byY);
        pull.Set(1, AffineRaw(-byY, (gradient.Slice(0, d, 1) - (byY * (y - shift))) * slope));
    }

    // The shift, the log-scale and its derivative with respect to its raw parameter, each of shape [d, n].
    private static (Tensor Shift, Tensor Log, Tensor Slope) AffineParts(Tensor raw, double largest)
    {
        int d = raw.Shape[0] / 2, n = raw.Shape[1];
        Tensor pairs = raw.Reshape(d, 2, n), tanh = Tanh(pairs.At(1, 1) / largest);
        return (pairs.At(1, 0), largest * tanh, 1 - Square(tanh));
    }

    private static Tensor AffineRaw(Tensor byShift, Tensor byRawLog) =>
        Stack([byShift, byRawLog], axis: 1).Reshape(2 * byShift.Shape[0], byShift.Shape[1]);
}
