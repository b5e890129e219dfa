namespace Quincunx.Numerics.Kernels;

/// <summary>A number as a type, so that the compiler makes one body of a generic method for each.</summary>
internal interface INumber
{
    static abstract int Value { get; }
}
