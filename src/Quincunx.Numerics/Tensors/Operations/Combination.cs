using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>w₀ x₀ + w₁ x₁ + … of tensors of one shape, in one pass and as one recorded operation. Terms of weight 0 are left out, whatever they hold.</summary>
    /// <param name="weights">One a term; without derivative.</param>
    /// <param name="terms">At least one, of one shape and element type.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="ArgumentException">No term, or another number of weights.</exception>
    public static Tensor Combination(ReadOnlySpan<double> weights, ReadOnlySpan<Tensor> terms)
    {
        if (terms.IsEmpty || weights.Length != terms.Length)
        {
            throw new ArgumentException($"Expected a weight for each of one or more tensors, got {weights.Length} for {terms.Length}.", nameof(weights));
        }

        Tensor first = terms[0];
        int count = 0;
        double[] w = new double[terms.Length];
        var x = new Tensor[terms.Length];
        for (int k = 0; k < terms.Length; k++)
        {
            first.RequireSameType(terms[k]);
            if (terms[k].Shape != first.Shape)
            {
                throw ShapeException.Pair("Combination", first.Shape, terms[k].Shape, "they must be equal.");
            }

            if (weights[k] != 0)
            {
                (w[count], x[count++]) = (weights[k], terms[k]);
            }
        }

        if (count == 0)
        {
            return Zeros(first.Shape, first.DType);
        }

        if (count < w.Length)
        {
            Array.Resize(ref w, count);
            Array.Resize(ref x, count);
        }

        Tensor y = Allocate(first.Shape, first.DType);
        Kernel.Run(new CombinationKernel(w, x, y), y, x);
        return Recording.Of(
            y,
            (_, gradient, pull) =>
            {
                for (int k = 0; k < w.Length; k++)
                {
                    if (pull.Wanted[k])
                    {
                        pull.Set(k, w[k] == 1 ? gradient : gradient * w[k]);
                    }
                }
            },
            x);
    }

    private readonly unsafe struct CombinationKernel(double[] weights, Tensor[] terms, Tensor y) : INotedKernel
    {
        public OperationNote Note => new("Combination", ("weights", weights));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            // Storages are pinned for as long as they live.
            Span<nint> addresses = stackalloc nint[terms.Length];
            for (int k = 0; k < terms.Length; k++)
            {
                addresses[k] = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(terms[k].Elements<T>()));
            }

            WeightedSum.Run(addresses, weights, y.Writable<T>());
        }
    }
}
