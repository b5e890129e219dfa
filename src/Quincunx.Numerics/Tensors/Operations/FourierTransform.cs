using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>The discrete Fourier transform <c>yₖ = Σⱼ xⱼ exp(-2πi j k / n)</c> along one axis.</summary>
    /// <param name="z">Complex numbers, shape <c>[2, …]</c>: real parts, then imaginary parts.</param>
    /// <param name="axis">An axis of <paramref name="z"/>, of any length but 0; not the first.</param>
    /// <returns>The same shape.</returns>
    /// <remarks>
    /// Passes of radix 4, 2, 3, 5, 7, 11 and 13; lengths with a larger prime factor take a convolution (Bluestein 1970), about six times the work. The error is about 10⁻¹⁶ log n of
    /// the largest result in float64. A NaN or an infinity spreads over its lane. The derivative is the adjoint, the unscaled transform backwards.
    /// </remarks>
    /// <exception cref="ShapeException">The first axis is not of length 2, or the axis is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis, or it is the first.</exception>
    public static Tensor Fft(Tensor z, int axis = -1)
    {
        int normal = ComplexAxis("Fft", z, axis);
        return Transformed(z, normal, inverse: false, 1);
    }

    /// <summary>The inverse of <see cref="Fft"/>, <c>xⱼ = 1/n Σₖ yₖ exp(2πi j k / n)</c>.</summary>
    /// <inheritdoc cref="Fft"/>
    public static Tensor InverseFft(Tensor z, int axis = -1)
    {
        int normal = ComplexAxis("InverseFft", z, axis);
        return Transformed(z, normal, inverse: true, 1.0 / z.Shape[normal]);
    }

    /// <summary>The first half of the discrete Fourier transform of real numbers, <c>k = 0 … n/2</c>; the other half is its mirror image, conjugate.</summary>
    /// <param name="x">Real numbers, any shape.</param>
    /// <param name="axis">An axis of <paramref name="x"/>, of a length n other than 0.</param>
    /// <returns>Complex numbers, shape <c>[2, …]</c>: real parts, then imaginary parts; the axis has length n/2 + 1, rounded down.</returns>
    /// <remarks>As <see cref="Fft"/>.</remarks>
    /// <exception cref="ShapeException">The axis is empty.</exception>
    public static Tensor RealFft(Tensor x, int axis = -1)
    {
        ArgumentNullException.ThrowIfNull(x);
        int normal = x.Shape.Axis(axis);
        return x.Shape[normal] == 0
            ? throw new ShapeException($"RealFft: expected an axis that is not empty, got axis {normal} of shape {x.Shape}.")
            : HalfSpectrum(x, normal, 1, 1);
    }

    /// <summary>The inverse of <see cref="RealFft"/>.</summary>
    /// <param name="z">Complex numbers, shape <c>[2, …]</c>; imaginary parts at 0, and at length/2 if that is whole, are ignored.</param>
    /// <param name="length">Of the result's axis: half of the numbers belong to this length n or to n + 1. At least 1.</param>
    /// <param name="axis">An axis of <paramref name="z"/>, not the first, of length n/2 + 1, rounded down.</param>
    /// <returns>Real numbers, the shape of <paramref name="z"/> without the first axis, and with n numbers along the axis.</returns>
    /// <remarks>As <see cref="Fft"/>.</remarks>
    /// <exception cref="ShapeException">The first axis is not of length 2, or the axis does not fit the length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is not positive; there is no such axis, or it is the first.</exception>
    public static Tensor InverseRealFft(Tensor z, int length, int axis = -1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        int normal = ComplexAxis("InverseRealFft", z, axis);
        return z.Shape[normal] == (length / 2) + 1
            ? FromHalfSpectrum(z, normal - 1, length, 1.0 / length, 2.0 / length)
            : throw new ShapeException($"InverseRealFft: length {length} needs {(length / 2) + 1} numbers along axis {normal}, got shape {z.Shape}.");
    }

    private static int ComplexAxis(string operation, Tensor z, int axis)
    {
        ArgumentNullException.ThrowIfNull(z);
        if (z.Rank < 2 || z.Shape[0] != 2)
        {
            throw new ShapeException($"{operation}: expected shape [2, ...] of real and imaginary parts, got {z.Shape}.");
        }

        int normal = z.Shape.Axis(axis);
        ArgumentOutOfRangeException.ThrowIfZero(normal, nameof(axis));
        return z.Shape[normal] == 0 ? throw new ShapeException($"{operation}: expected an axis that is not empty, got axis {normal} of shape {z.Shape}.") : normal;
    }

    private static Tensor Transformed(Tensor z, int axis, bool inverse, double scale)
    {
        Tensor y = Allocate(z.Shape, z.DType);
        RunFft(z, y, new Shape(z.Shape.Lengths[1..]), axis - 1, z.Shape[axis], inverse, scale, scale);
        return Recording.Of(y, (_, gradient, pull) => pull.Set(0, Transformed(gradient, axis, !inverse, scale)), z);
    }

    // Element k of the transform, times `ends` where it has no mirror image and else `others`. The axis is one of x.
    private static Tensor HalfSpectrum(Tensor x, int axis, double ends, double others)
    {
        int n = x.Shape[axis];
        Tensor z = Allocate(new Shape([2, .. x.Shape.With(axis, (n / 2) + 1).Lengths]), x.DType);
        RunFft(x, z, x.Shape, axis, n, inverse: false, ends, others);
        return Recording.Of(z, (_, gradient, pull) => pull.Set(0, FromHalfSpectrum(gradient, axis, n, ends, others)), x);
    }

    // The adjoint of that: Re Σₖ wₖ zₖ exp(2πi j k / n) over the half.
    private static Tensor FromHalfSpectrum(Tensor z, int axis, int n, double ends, double others)
    {
        var shape = new Shape(z.Shape.With(axis + 1, n).Lengths[1..]);
        Tensor x = Allocate(shape, z.DType);
        RunFft(z, x, shape, axis, n, inverse: true, ends, others);
        return Recording.Of(x, (_, gradient, pull) => pull.Set(0, HalfSpectrum(gradient, axis, ends, others)), z);
    }

    private static void RunFft(Tensor x, Tensor y, Shape shape, int axis, int n, bool inverse, double ends, double others)
    {
        (int outer, _, int inner) = shape.Around(axis);
        int length = x.DType == DType.Float32
            ? FftAxis.ScratchLength(FftPlan<float>.Of(n), outer, inner)
            : FftAxis.ScratchLength(FftPlan<double>.Of(n), outer, inner);
        Tensor scratch = Allocate(new Shape(length), x.DType);
        Kernel.Run(new FftKernel(x, y, scratch, outer, n, inner, inverse, ends, others), [y, scratch], [x]);
    }

    private readonly struct FftKernel(Tensor x, Tensor y, Tensor scratch, int outer, int n, int inner, bool inverse, double ends, double others) : INotedKernel
    {
        // The axis is counted without that of real and imaginary parts, which one side or both have in front.
        public OperationNote Note => new(
            "Fft", ("axis", Real.AxisAround(outer, n, inner)), ("length", n), ("inverse", inverse), ("ends", ends), ("others", others), ("realInput", x.Rank < y.Rank), ("realOutput", y.Rank < x.Rank));

        private Shape Real => x.Rank < y.Rank ? x.Shape : y.Rank < x.Rank ? y.Shape : new Shape(x.Shape.Lengths[1..]);

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            int lanes = outer * inner;
            if (lanes == 0)
            {
                return;
            }

            ReadOnlySpan<T> from = x.Elements<T>();
            Span<T> to = y.Writable<T>();

            // A real side has n numbers a lane; a complex one has its real and then its imaginary parts.
            bool realX = from.Length == lanes * n, realY = to.Length == lanes * n;
            int half = from.Length / 2, halfY = to.Length / 2;
            FftAxis.Run(
                FftPlan<T>.Of(n), inverse, outer, inner, realX ? from : from[..half], realX ? [] : from[half..], realX ? n : half / lanes, realY ? to : to[..halfY],
                realY ? [] : to[halfY..], realY ? n : halfY / lanes, new FftWeights<T>(n, T.CreateTruncating(ends), T.CreateTruncating(others)), scratch.Writable<T>());
        }
    }
}
