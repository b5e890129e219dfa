using System.Numerics;

namespace Quincunx.Numerics.Kernels;

/// <summary>What a sum adds for each pair of elements.</summary>
internal interface IReductionTerm<T>
    where T : unmanaged
{
    /// <summary>An element whose term is zero.</summary>
    static abstract T Neutral { get; }

    static abstract Vector<T> Add(Vector<T> sum, Vector<T> x, Vector<T> y, Vector<T> shift);
}
