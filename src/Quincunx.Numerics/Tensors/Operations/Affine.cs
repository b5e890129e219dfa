using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary><c>x Wᵀ + b</c> of each row, in one operation.</summary>
    /// <param name="x">Shape <c>[…, inputs]</c>.</param>
    /// <param name="weight">Shape <c>[outputs, inputs]</c>.</param>
    /// <param name="bias">Shape <c>[outputs]</c>, or null for none.</param>
    /// <returns>Shape <c>[…, outputs]</c>.</returns>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        x.RequireSameType(weight);
        if (weight.Rank != 2 || x.Rank < 1 || x.Shape[-1] != weight.Shape[1])
        {
            throw ShapeException.Pair("Linear", x.Shape, weight.Shape, "expected [..., inputs] and [outputs, inputs].");
        }

        int outputs = weight.Shape[0], rows = new Shape(x.Shape.Lengths[..^1]).Count;
        if (bias is not null)
        {
            x.RequireSameType(bias);
            if (bias.Rank != 1 || bias.Shape[0] != outputs)
            {
                throw ShapeException.Pair("Linear", weight.Shape, bias.Shape, "expected a weight [outputs, inputs] and a bias [outputs].");
            }
        }

        Tensor y = Allocate(x.Shape.With(x.Rank - 1, outputs), x.DType);
        var kernel = new LinearKernel(x, weight, bias, y, rows);
        if (bias is null)
        {
            Kernel.Run(kernel, y, x, weight);
        }
        else
        {
            Kernel.Run(kernel, y, [x, weight, bias]);
        }

        return bias is null ? Recording.Of(y, LinearRule, x, weight) : Recording.Of(y, LinearRule, [x, weight, bias]);
    }

    private static readonly PullBack LinearRule = static (_, gradient, pull) =>
    {
        Tensor x = pull.Inputs[0], weight = pull.Inputs[1];
        int outputs = weight.Shape[0], inputs = weight.Shape[1];
        Tensor rows = gradient.Reshape(new Shape(new Shape(x.Shape.Lengths[..^1]).Count, outputs));
        if (pull.Wanted[0])
        {
            pull.Set(0, MatMul(rows, weight).Reshape(x.Shape));
        }

        if (pull.Wanted[1])
        {
            pull.Set(1, MatMul(rows, x.Reshape(new Shape(rows.Shape[0], inputs)), transposeA: true));
        }

        if (pull.Inputs.Length > 2 && pull.Wanted[2])
        {
            pull.Set(2, rows.Sum(0));
        }
    };

    private readonly struct LinearKernel(Tensor x, Tensor weight, Tensor? bias, Tensor y, int rows) : IKernel
    {
        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            int inputs = weight.Shape[1], outputs = weight.Shape[0];
            ReadOnlySpan<T> left = x.Elements<T>(), right = weight.Elements<T>();
            if (bias is null)
            {
                MatrixProduct.Multiply(
                    transposeA: false, transposeB: true, rows, outputs, inputs, left, right, y.Writable<T>(), accumulate: false, KernelThreads.Count);
            }
            else
            {
                MatrixProduct.MultiplyAddRow(
                    transposeA: false, transposeB: true, rows, outputs, inputs, left, right, bias.Elements<T>(), y.Writable<T>(), KernelThreads.Count);
            }
        }
    }
}
