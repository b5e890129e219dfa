using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

/// <content>The functions as types, for the loops to be compiled with.</content>
internal static partial class Elementwise
{
    private readonly struct ExpLanes : IUnaryLanes
    {
        public static bool IsLong => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => VectorMath<T, TVector, TLanes>.Exp(x);
    }

    private readonly struct Expm1Lanes : IUnaryLanes
    {
        public static bool IsLong => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => VectorMath<T, TVector, TLanes>.Expm1(x);
    }

    private readonly struct LogLanes : IUnaryLanes
    {
        public static bool IsLong => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => VectorMath<T, TVector, TLanes>.Log(x);
    }

    private readonly struct Log1pLanes : IUnaryLanes
    {
        public static bool IsLong => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => VectorMath<T, TVector, TLanes>.Log1p(x);
    }

    private readonly struct TanhLanes : IUnaryLanes
    {
        public static bool IsLong => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => VectorMath<T, TVector, TLanes>.Tanh(x);
    }

    private readonly struct SigmoidLanes : IUnaryLanes
    {
        public static bool IsLong => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => VectorMath<T, TVector, TLanes>.Sigmoid(x);
    }

    private readonly struct SoftplusLanes : IUnaryLanes
    {
        public static bool IsLong => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => VectorMath<T, TVector, TLanes>.Softplus(x);
    }

    private readonly struct ErfLanes : IUnaryLanes
    {
        public static bool IsLong => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => VectorMath<T, TVector, TLanes>.Erf(x);
    }

    private readonly struct NormalCdfLanes : IUnaryLanes
    {
        public static bool IsLong => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => VectorMath<T, TVector, TLanes>.NormalCdf(x);
    }

    private readonly struct GeluLanes : IUnaryLanes
    {
        public static bool IsLong => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => VectorMath<T, TVector, TLanes>.Gelu(x);
    }

    private readonly struct SiluLanes : IUnaryLanes
    {
        public static bool IsLong => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => VectorMath<T, TVector, TLanes>.Silu(x);
    }

    private readonly struct ReluLanes : IUnaryLanes
    {
        // NaN compares false and stays.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.AndNot(x, TLanes.LessOrEqual(x, TLanes.Zero));
    }

    private readonly struct LeakyReluLanes : IBinaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Select(TLanes.Less(TLanes.Zero, a), a, TLanes.Multiply(a, b));
    }

    private readonly struct EluLanes : IBinaryLanes
    {
        public static bool IsLong => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector a, TVector b)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Select(TLanes.Less(TLanes.Zero, a), a, TLanes.Multiply(VectorMath<T, TVector, TLanes>.Expm1(a), b));
    }

    private readonly struct SqrtLanes : IUnaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.SquareRoot(x);
    }

    private readonly struct AbsLanes : IUnaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Abs(x);
    }

    private readonly struct NegateLanes : IUnaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Negate(x);
    }

    private readonly struct SquareLanes : IUnaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Multiply(x, x);
    }

    private readonly struct ReciprocalLanes : IUnaryLanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TLanes>(TVector x)
            where T : unmanaged
            where TVector : struct
            where TLanes : struct, ILanes<T, TVector> => TLanes.Divide(TLanes.Constant(1, 1), x);
    }
}
