using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

/// <content>Functions of two numbers as types, for the loops to be compiled with. Comparisons give 1 or 0.</content>
internal static partial class Elementwise
{
    internal readonly struct AddLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Add(a, b);
    }

    internal readonly struct SubtractLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Subtract(a, b);
    }

    internal readonly struct MultiplyLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Multiply(a, b);
    }

    internal readonly struct DivideLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Divide(a, b);
    }

    internal readonly struct MaximumLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Max(a, b);
    }

    internal readonly struct MinimumLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Min(a, b);
    }

    internal readonly struct LessLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.And(TLanes.Less(a, b), TLanes.Constant(1, 1));
    }

    internal readonly struct LessOrEqualLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.And(TLanes.LessOrEqual(a, b), TLanes.Constant(1, 1));
    }

    internal readonly struct GreaterLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.And(TLanes.Less(b, a), TLanes.Constant(1, 1));
    }

    internal readonly struct GreaterOrEqualLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.And(TLanes.LessOrEqual(b, a), TLanes.Constant(1, 1));
    }

    internal readonly struct EqualLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.And(TLanes.AreEqual(a, b), TLanes.Constant(1, 1));
    }

    internal readonly struct NotEqualLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.AndNot(TLanes.Constant(1, 1), TLanes.AreEqual(a, b));
    }

    /// <summary>a where b is above 0 (or NaN), else 0.</summary>
    internal readonly struct GateLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.AndNot(a, TLanes.LessOrEqual(b, TLanes.Zero));
    }

    /// <summary>a where b is not 0, else 0.</summary>
    internal readonly struct KeepWhereLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.AndNot(a, TLanes.AreEqual(b, TLanes.Zero));
    }

    /// <summary>a where b is 0, else 0.</summary>
    internal readonly struct ClearWhereLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.And(a, TLanes.AreEqual(b, TLanes.Zero));
    }

    /// <summary>1 where a is above b, ½ where they are equal, 0 elsewhere.</summary>
    internal readonly struct PrecedenceLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Select(
                TLanes.AreEqual(a, b), TLanes.Constant(0.5f, 0.5), TLanes.And(TLanes.Less(b, a), TLanes.Constant(1, 1)));
    }

    /// <summary>Of a against b = 0: -1 or 1, and a itself where it is 0 or NaN.</summary>
    internal readonly struct SignLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Select(
                TLanes.Less(b, a), TLanes.Constant(1, 1), TLanes.Select(TLanes.Less(a, b), TLanes.Constant(-1, -1), a));
    }

    /// <summary>Against b = 0: a - a is 0 for finite a, and NaN for the rest.</summary>
    internal readonly struct IsFiniteLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.And(TLanes.AreEqual(TLanes.Subtract(a, a), b), TLanes.Constant(1, 1));
    }
}
