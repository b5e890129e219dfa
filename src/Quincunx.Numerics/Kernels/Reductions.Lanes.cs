using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

/// <content>The reductions as types, for the loops to be compiled with.</content>
internal static partial class Reductions
{
    private readonly struct SumLanes : IReductionLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Empty<T, TVector, TLanes>()
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Neutral<T, TVector, TLanes>()
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Add<T, TVector, TLanes>(TVector result, TVector x, TVector y, TVector whole)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Add(result, x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Combine<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Add(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T OfLanes<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.SumOfLanes(x);
    }

    private readonly struct ProductLanes : IReductionLanes
    {
        public static bool TakesPairs => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Empty<T, TVector, TLanes>()
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Neutral<T, TVector, TLanes>()
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Add<T, TVector, TLanes>(TVector result, TVector x, TVector y, TVector whole)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.MultiplyAdd(x, y, result);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Combine<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Add(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T OfLanes<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.SumOfLanes(x);
    }

    private readonly struct MaxLanes : IReductionLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Empty<T, TVector, TLanes>()
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Constant(float.NegativeInfinity, double.NegativeInfinity);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Neutral<T, TVector, TLanes>()
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Constant(float.NegativeInfinity, double.NegativeInfinity);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Add<T, TVector, TLanes>(TVector result, TVector x, TVector y, TVector whole)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Max(result, x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Combine<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Max(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T OfLanes<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.MaxOfLanes(x);
    }

    private readonly struct MinLanes : IReductionLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Empty<T, TVector, TLanes>()
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Constant(float.PositiveInfinity, double.PositiveInfinity);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Neutral<T, TVector, TLanes>()
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Constant(float.PositiveInfinity, double.PositiveInfinity);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Add<T, TVector, TLanes>(TVector result, TVector x, TVector y, TVector whole)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Min(result, x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Combine<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Min(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T OfLanes<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.MinOfLanes(x);
    }

    // How many elements equal the number; NaN equals nothing.
    private readonly struct CountLanes : IReductionLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Empty<T, TVector, TLanes>()
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Neutral<T, TVector, TLanes>()
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Constant(float.NaN, double.NaN);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Add<T, TVector, TLanes>(TVector result, TVector x, TVector y, TVector whole)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Add(result, TLanes.And(TLanes.AreEqual(x, whole), TLanes.Constant(1, 1)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Combine<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Add(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T OfLanes<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.SumOfLanes(x);
    }

    // exp(x - largest) of all but the largest, whose terms are exactly 1 and are counted: so they do not swallow the digits of the others.
    private readonly struct ExpLanes : IReductionLanes
    {
        public static bool IsLong => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Empty<T, TVector, TLanes>()
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Neutral<T, TVector, TLanes>()
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Constant(float.NegativeInfinity, double.NegativeInfinity);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Add<T, TVector, TLanes>(TVector result, TVector x, TVector y, TVector whole)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Add(
                result, TLanes.AndNot(VectorMath<T, TVector, TLanes>.Exp(TLanes.Subtract(x, whole)), TLanes.AreEqual(x, whole)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Combine<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Add(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T OfLanes<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.SumOfLanes(x);
    }
}
