using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>The exponential <c>1 + A + A²/2 + …</c> of each square matrix over the last two axes.</summary>
    /// <param name="a">Shape <c>[…, n, n]</c>.</param>
    /// <returns>The same shape; NaN for a matrix with an element that is not finite.</returns>
    /// <remarks>
    /// Higham 2005: scaling and squaring of the Padé approximant of degree 13, in float64 for either type; about 7 products, a solution and a squaring for each doubling of the
    /// norm beyond 5.4. The derivative along E is the corner of exp [A E; 0 A] (Mathias 1996, SIAM J. Matrix Anal. Appl. 17, 610), its transpose the same with Aᵀ: each order of
    /// derivatives takes exponentials of twice the side, eight times the work.
    /// </remarks>
    /// <exception cref="ShapeException">The matrices are not square.</exception>
    public static Tensor MatrixExponential(Tensor a)
    {
        RequireSquare("MatrixExponential", a);
        int n = a.Shape[-1];
        Tensor y = Allocate(a.Shape, a.DType), scratch = Allocate(new Shape((n * n) + PadeExponential.ScratchLength(n)), DType.Float64);
        Kernel.Run(new ExponentialKernel(a, y, scratch), [y, scratch], [a]);
        return Recording.Of(
            y,
            (_, gradient, pull) =>
            {
                // The corner is linear in the gradient. Made small, the gradient does not add squarings; its size is a constant here, since it cancels.
                Tensor size = Abs(gradient.Detach()).Sum([-2, -1], keepAxes: true), scale = Where(Greater(size, 0.0), size, 1.0);
                Tensor turned = pull.Inputs[0].MatrixTranspose();
                Tensor upper = Concat([turned, gradient / scale], axis: -1), lower = Concat([Zeros(turned.Shape, turned.DType), turned], axis: -1);
                pull.Set(0, MatrixExponential(Concat([upper, lower], axis: -2)).Slice(-2, 0, n).Slice(-1, n) * scale);
            },
            a);
    }

    private readonly struct ExponentialKernel(Tensor a, Tensor y, Tensor scratch) : INotedKernel
    {
        public OperationNote Note => new("MatrixExponential");

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            int size = a.Shape[-1] * a.Shape[-1];
            Span<double> matrix = scratch.Writable<double>()[..size];
            for (int at = 0; at < a.Count; at += size)
            {
                Read(a.Elements<T>().Slice(at, size), matrix);
                PadeExponential.Compute(matrix, a.Shape[-1], scratch.Writable<double>()[size..]);
                Write(matrix, y.Writable<T>().Slice(at, size));
            }
        }
    }
}
