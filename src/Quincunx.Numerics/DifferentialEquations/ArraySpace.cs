using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.DifferentialEquations;

/// <summary>States that are arrays of float64, written in place: nothing is allocated once every array is there.</summary>
internal sealed unsafe class ArraySpace(int length, double relativeTolerance, double absoluteTolerance) : IStateSpace<double[]>
{
    private double[]? _error;

    // Pinned, as the loops take addresses.
    public double[] Allocate() => GC.AllocateUninitializedArray<double>(length, pinned: true);

    public void Combine(ref double[]? into, ReadOnlySpan<double> weights, ReadOnlySpan<double[]?> terms)
    {
        into ??= Allocate();
        Span<nint> addresses = stackalloc nint[terms.Length];
        Span<double> factors = stackalloc double[terms.Length];
        int count = 0;
        for (int k = 0; k < terms.Length; k++)
        {
            if (weights[k] != 0)
            {
                factors[count] = weights[k];
                addresses[count++] = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(terms[k]!));
            }
        }

        if (count == 0)
        {
            Array.Clear(into);
            return;
        }

        WeightedSum.Run<double>(addresses[..count], factors[..count], into);
    }

    public double Norm(ReadOnlySpan<double> weights, ReadOnlySpan<double[]?> terms, double[] a, double[] b)
    {
        Combine(ref _error, weights, terms);
        return ErrorNorm.Of<double>(_error, a, b, relativeTolerance, absoluteTolerance);
    }

    public bool IsFinite(double[] state) => ErrorNorm.IsFinite<double>(state);

    public void OpenStep()
    {
    }

    public void Keep(double[] state)
    {
    }

    public void CloseStep()
    {
    }

    public void Drop(double[] state)
    {
    }
}
