namespace Quincunx.Numerics.Kernels;

/// <summary>A small square of elements that registers transpose.</summary>
internal unsafe interface ITransposeBlock<T>
    where T : unmanaged
{
    static abstract int Side { get; }

    /// <summary>y(j, i) = x(i, j) for the whole square; rows are the steps apart and those of y are written in order.</summary>
    static abstract void Run(T* x, nint stepX, T* y, nint stepY);
}
