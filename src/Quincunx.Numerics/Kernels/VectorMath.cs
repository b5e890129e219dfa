using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

/// <summary>Elementary functions of a vector register of float or double, accurate to a few units in the last place.</summary>
/// <remarks>
/// TensorPrimitives has most of these, but its exp(0) is not 1 in float, its logarithm errs by 2.5 units near 1, and its tanh
/// and expm1 lose all digits near 0. The series are Taylor's after argument reduction (W. J. Cody and W. Waite 1980, Software Manual for
/// the Elementary Functions), long enough to leave less than a tenth of a unit. The class is written once for all widths and both
/// types, with the branches on the type decided by the compiler; a lane's bits differ between widths only where multiply-add is not fused.
/// </remarks>
internal static partial class VectorMath<T, TVector, TLanes>
    where T : unmanaged
    where TVector : struct
    where TLanes : struct, ILanes<T, TVector>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    // Adding 1.5 * 2^(fraction bits) puts a rounded integer into the low bits.
    private const double ShiftDouble = 6755399441055744.0;
    private const float ShiftSingle = 12582912f;

    private static bool IsSingle
    {
        [MethodImpl(Inline)]
        get => typeof(T) == typeof(float);
    }

    private static int FractionBits
    {
        [MethodImpl(Inline)]
        get => typeof(T) == typeof(float) ? 23 : 52;
    }

    private static TVector One
    {
        [MethodImpl(Inline)]
        get => TLanes.Constant(1, 1);
    }

    private static TVector Shift
    {
        [MethodImpl(Inline)]
        get => TLanes.Constant(ShiftSingle, ShiftDouble);
    }

    private static TVector SignBit
    {
        [MethodImpl(Inline)]
        get => TLanes.Constant(-0f, -0.0);
    }

    [MethodImpl(Inline)]
    private static TVector Constant(double value) => TLanes.Constant((float)value, value);

    /// <summary>c0 + c1 x: polynomials are written as sums of such pairs over powers of x², which shortens the wait for the multiplier.</summary>
    [MethodImpl(Inline)]
    private static TVector Line(TVector x, double c0, double c1) => TLanes.MultiplyAdd(Constant(c1), x, Constant(c0));

    /// <summary>x 2ⁿ for a register without an instruction for it: two factors, so that results below the normal numbers are reached and 2¹⁰²⁴ is not needed.</summary>
    [MethodImpl(Inline)]
    internal static TVector ScaleInTwoSteps(TVector x, TVector n)
    {
        // What would round to 0 does not get so far: processors take a hundred cycles to lose all digits.
        TVector lost = TLanes.Less(n, TLanes.Constant(-150.5f, -1075.5));
        n = TLanes.AndNot(n, lost);
        TVector half = TLanes.Subtract(TLanes.MultiplyAdd(n, Constant(0.5), Shift), Shift);
        return TLanes.AndNot(TLanes.Multiply(TLanes.Multiply(x, PowerOfTwo(half)), PowerOfTwo(TLanes.Subtract(n, half))), lost);
    }

    // 2ⁿ for a whole n whose power is a normal number.
    [MethodImpl(Inline)]
    private static TVector PowerOfTwo(TVector n) =>
        TLanes.ShiftBitsLeft(TLanes.AddBits(TLanes.Add(n, Shift), TLanes.BitsConstant(127, 1023)), FractionBits);

    [MethodImpl(Inline)]
    private static TVector WithSignOf(TVector size, TVector sign) => TLanes.Or(TLanes.And(sign, SignBit), TLanes.AndNot(size, SignBit));
}
