namespace Quincunx.Numerics.Tensors;

/// <summary>A function of one float64 number, for <see cref="ScalarMap"/>.</summary>
internal interface IScalarFunction
{
    static abstract double Of(double x);
}
