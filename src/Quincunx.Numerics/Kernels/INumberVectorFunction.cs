using System.Numerics;

namespace Quincunx.Numerics.Kernels;

/// <summary>A function of a register of numbers and of one number, which is in every lane.</summary>
internal interface INumberVectorFunction<T>
    where T : unmanaged
{
    static abstract Vector<T> Of(Vector<T> x, Vector<T> number);
}
