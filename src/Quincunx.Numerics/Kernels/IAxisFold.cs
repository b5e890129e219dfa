using System.Numerics;

namespace Quincunx.Numerics.Kernels;

/// <summary>A reduction down the rows of a matrix, a register of columns at a time.</summary>
internal interface IAxisFold<T>
    where T : unmanaged
{
    /// <summary>The result of no rows.</summary>
    static abstract Vector<T> Empty { get; }

    /// <summary>Whether the result is shift + log(1 + fold).</summary>
    static abstract bool IsLogarithm { get; }

    /// <param name="pending">All ones in the columns whose first <paramref name="shift"/> has not been met; the fold may clear them.</param>
    static abstract Vector<T> Add(Vector<T> result, Vector<T> x, Vector<T> shift, ref Vector<T> pending);

    static abstract Vector<T> Combine(Vector<T> a, Vector<T> b);
}
