using System.Numerics;

namespace Quincunx.Numerics.Kernels;

/// <summary>A function of a register of numbers, lane by lane.</summary>
internal interface IVectorFunction<T>
    where T : unmanaged
{
    static abstract Vector<T> Of(Vector<T> x);
}
