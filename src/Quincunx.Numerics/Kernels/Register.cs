using System.Runtime.CompilerServices;

namespace Quincunx.Numerics.Kernels;

/// <inheritdoc cref="IRegister{TSelf, T}"/>
/// <remarks>The runtime's compiler sees through the structure: it costs nothing.</remarks>
internal readonly unsafe struct Register<T, TVector, TLanes>(TVector value) : IRegister<Register<T, TVector, TLanes>, T>
    where T : unmanaged
    where TVector : struct
    where TLanes : struct, ILanes<T, TVector>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly TVector _value = value;

    public static int Count => TLanes.Count;

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> operator +(Register<T, TVector, TLanes> a, Register<T, TVector, TLanes> b) => new(TLanes.Add(a._value, b._value));

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> operator -(Register<T, TVector, TLanes> a, Register<T, TVector, TLanes> b) => new(TLanes.Subtract(a._value, b._value));

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> operator -(Register<T, TVector, TLanes> a) => new(TLanes.Negate(a._value));

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> operator *(Register<T, TVector, TLanes> a, Register<T, TVector, TLanes> b) => new(TLanes.Multiply(a._value, b._value));

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> operator /(Register<T, TVector, TLanes> a, Register<T, TVector, TLanes> b) => new(TLanes.Divide(a._value, b._value));

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> operator &(Register<T, TVector, TLanes> a, Register<T, TVector, TLanes> b) => new(TLanes.And(a._value, b._value));

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> Load(T* source) => new(TLanes.Load(source));

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> Of(double value) => new(TLanes.Constant((float)value, value));

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> MultiplyAdd(Register<T, TVector, TLanes> a, Register<T, TVector, TLanes> b, Register<T, TVector, TLanes> c) =>
        new(TLanes.MultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> Max(Register<T, TVector, TLanes> a, Register<T, TVector, TLanes> b) => new(TLanes.MaxNative(a._value, b._value));

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> Min(Register<T, TVector, TLanes> a, Register<T, TVector, TLanes> b) => new(TLanes.MinNative(a._value, b._value));

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> Abs(Register<T, TVector, TLanes> x) => new(TLanes.Abs(x._value));

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> Sqrt(Register<T, TVector, TLanes> x) => new(TLanes.SquareRoot(x._value));

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> Less(Register<T, TVector, TLanes> a, Register<T, TVector, TLanes> b) => new(TLanes.Less(a._value, b._value));

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> LessOrEqual(Register<T, TVector, TLanes> a, Register<T, TVector, TLanes> b) => new(TLanes.LessOrEqual(a._value, b._value));

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> AreEqual(Register<T, TVector, TLanes> a, Register<T, TVector, TLanes> b) => new(TLanes.AreEqual(a._value, b._value));

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> Select(Register<T, TVector, TLanes> mask, Register<T, TVector, TLanes> a, Register<T, TVector, TLanes> b) =>
        new(TLanes.Select(mask._value, a._value, b._value));

    [MethodImpl(Inline)]
    public static bool All(Register<T, TVector, TLanes> mask) => TLanes.All(mask._value);

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> Exp(Register<T, TVector, TLanes> x) => new(VectorMath<T, TVector, TLanes>.Exp(x._value));

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> Expm1(Register<T, TVector, TLanes> x) => new(VectorMath<T, TVector, TLanes>.Expm1(x._value));

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> Log(Register<T, TVector, TLanes> x) => new(VectorMath<T, TVector, TLanes>.Log(x._value));

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> Softplus(Register<T, TVector, TLanes> x) => new(VectorMath<T, TVector, TLanes>.Softplus(x._value));

    [MethodImpl(Inline)]
    public static Register<T, TVector, TLanes> Tanh(Register<T, TVector, TLanes> x) => new(VectorMath<T, TVector, TLanes>.Tanh(x._value));

    [MethodImpl(Inline)]
    public void Store(T* target) => TLanes.Store(target, _value);
}
