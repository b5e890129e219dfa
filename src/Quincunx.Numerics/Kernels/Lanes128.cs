using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Quincunx.Numerics.Kernels;

/// <summary>128-bit lanes from the portable vector type, with separate multiply and add.</summary>
internal readonly unsafe struct Lanes128<T> : ILanes<T, Vector128<T>>
    where T : unmanaged
{
    public static int Count => Vector128<T>.Count;

    public static int TileRows => 6;

    public static int DotRows => 2;

    public static bool HasMasks => false;

    public static Vector128<T> Zero => Vector128<T>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Load(T* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Mask(int count) => typeof(T) == typeof(float)
        ? Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).As<int, T>()
        : Vector128.LessThan(Vector128<long>.Indices, Vector128.Create((long)count)).As<long, T>();

    public static Vector128<T> LoadMasked(T* source, Vector128<T> mask)
    {
        T* lanes = stackalloc T[Vector128<T>.Count];
        uint set = mask.ExtractMostSignificantBits();
        for (int i = 0; i < Vector128<T>.Count; i++)
        {
            lanes[i] = (set >> i & 1) != 0 ? source[i] : default;
        }

        return Vector128.Load(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* target, Vector128<T> value) => value.Store(target);

    public static void StorePart(T* target, Vector128<T> value, int count)
    {
        T* lanes = stackalloc T[Vector128<T>.Count];
        value.Store(lanes);
        for (int i = 0; i < count; i++)
        {
            target[i] = lanes[i];
        }
    }

    public static Vector128<T> NegativeInfinity
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float)
            ? Vector128.Create(float.NegativeInfinity).As<float, T>()
            : Vector128.Create(double.NegativeInfinity).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Broadcast(T value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> AtLeast(Vector128<T> floor, Vector128<T> value)
        => Vector128.ConditionalSelect(Vector128.LessThan(value, floor), floor, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> MultiplyAdd(Vector128<T> a, Vector128<T> b, Vector128<T> c) => (a * b) + c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T MultiplyAdd(T a, T b, T c) => typeof(T) == typeof(float)
        ? (T)(object)(((float)(object)a * (float)(object)b) + (float)(object)c)
        : (T)(object)(((double)(object)a * (double)(object)b) + (double)(object)c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Constant(float forSingle, double forDouble) => typeof(T) == typeof(float)
        ? Vector128.Create(forSingle).As<float, T>()
        : Vector128.Create(forDouble).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> BitsConstant(int forSingle, long forDouble) => typeof(T) == typeof(float)
        ? Vector128.Create(forSingle).As<int, T>()
        : Vector128.Create(forDouble).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Add(Vector128<T> a, Vector128<T> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Subtract(Vector128<T> a, Vector128<T> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Multiply(Vector128<T> a, Vector128<T> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Divide(Vector128<T> a, Vector128<T> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> SquareRoot(Vector128<T> x) => Vector128.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Negate(Vector128<T> x) => -x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Abs(Vector128<T> x) => Vector128.Abs(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> MinNative(Vector128<T> a, Vector128<T> b) => Vector128.MinNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> MaxNative(Vector128<T> a, Vector128<T> b) => Vector128.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Min(Vector128<T> a, Vector128<T> b) => Vector128.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Max(Vector128<T> a, Vector128<T> b) => Vector128.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Less(Vector128<T> a, Vector128<T> b) => Vector128.LessThan(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> LessOrEqual(Vector128<T> a, Vector128<T> b) => Vector128.LessThanOrEqual(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> AreEqual(Vector128<T> a, Vector128<T> b) => Vector128.Equals(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Select(Vector128<T> mask, Vector128<T> a, Vector128<T> b) => Vector128.ConditionalSelect(mask, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool All(Vector128<T> mask) => mask.ExtractMostSignificantBits() == (typeof(T) == typeof(float) ? 0xFU : 0x3U);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> And(Vector128<T> a, Vector128<T> b) => a & b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> AndNot(Vector128<T> a, Vector128<T> b) => Vector128.AndNot(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Or(Vector128<T> a, Vector128<T> b) => a | b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Xor(Vector128<T> a, Vector128<T> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> AddBits(Vector128<T> a, Vector128<T> b) => typeof(T) == typeof(float)
        ? (a.AsInt32() + b.AsInt32()).As<int, T>()
        : (a.AsInt64() + b.AsInt64()).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> SubtractBits(Vector128<T> a, Vector128<T> b) => typeof(T) == typeof(float)
        ? (a.AsInt32() - b.AsInt32()).As<int, T>()
        : (a.AsInt64() - b.AsInt64()).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> ShiftBitsLeft(Vector128<T> x, int count) => typeof(T) == typeof(float)
        ? (x.AsInt32() << count).As<int, T>()
        : (x.AsInt64() << count).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> ShiftBitsRight(Vector128<T> x, int count) => typeof(T) == typeof(float)
        ? (x.AsInt32() >>> count).As<int, T>()
        : (x.AsInt64() >>> count).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Scale(Vector128<T> x, Vector128<T> n) => VectorMath<T, Vector128<T>, Lanes128<T>>.ScaleInTwoSteps(x, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T First(Vector128<T> x) => x.ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T SumOfLanes(Vector128<T> x)
    {
        Vector128<T> halves = x + SwapHalves(x);
        return (typeof(T) == typeof(float) ? halves + SwapNeighbours(halves) : halves).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T MaxOfLanes(Vector128<T> x)
    {
        Vector128<T> halves = Vector128.Max(x, SwapHalves(x));
        return (typeof(T) == typeof(float) ? Vector128.Max(halves, SwapNeighbours(halves)) : halves).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T MinOfLanes(Vector128<T> x)
    {
        Vector128<T> halves = Vector128.Min(x, SwapHalves(x));
        return (typeof(T) == typeof(float) ? Vector128.Min(halves, SwapNeighbours(halves)) : halves).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> SwapHalves(Vector128<T> x) => Vector128.Shuffle(x.AsInt64(), Vector128.Create(1L, 0)).As<long, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> SwapNeighbours(Vector128<T> x) => Vector128.Shuffle(x.AsInt32(), Vector128.Create(1, 0, 3, 2)).As<int, T>();

    public static void StoreSums(T* target, Vector128<T> v0, Vector128<T> v1, Vector128<T> v2, Vector128<T> v3)
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<float> sums = Vector128.Create(Sum(v0.AsSingle()), Sum(v1.AsSingle()), Sum(v2.AsSingle()), Sum(v3.AsSingle()));
            sums.Store((float*)target);
        }
        else
        {
            Vector256<double> sums = Vector256.Create(Sum(v0.AsDouble()), Sum(v1.AsDouble()), Sum(v2.AsDouble()), Sum(v3.AsDouble()));
            sums.Store((double*)target);
        }
    }

    private static float Sum(Vector128<float> v) => (v[0] + v[2]) + (v[1] + v[3]);

    private static double Sum(Vector128<double> v) => v[0] + v[1];
}
