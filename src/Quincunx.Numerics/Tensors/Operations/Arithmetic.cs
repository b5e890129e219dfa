using System.Numerics;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    public static Tensor operator +(Tensor a, Tensor b) => Apply<AddOperation>(a, b);

    public static Tensor operator +(Tensor a, double b) => ApplyNumber<AddNumberOperation>(a, b);

    public static Tensor operator +(double a, Tensor b) => ApplyNumber<AddNumberOperation>(b, a);

    public static Tensor operator -(Tensor a, Tensor b) => Apply<SubtractOperation>(a, b);

    public static Tensor operator -(Tensor a, double b) => ApplyNumber<AddNumberOperation>(a, -b);

    public static Tensor operator -(double a, Tensor b) => ApplyNumber<SubtractFromNumberOperation>(b, a);

    public static Tensor operator *(Tensor a, Tensor b) => Apply<MultiplyOperation>(a, b);

    public static Tensor operator *(Tensor a, double b) => ApplyNumber<MultiplyNumberOperation>(a, b);

    public static Tensor operator *(double a, Tensor b) => ApplyNumber<MultiplyNumberOperation>(b, a);

    public static Tensor operator /(Tensor a, Tensor b) => Apply<DivideOperation>(a, b);

    public static Tensor operator /(Tensor a, double b) => ApplyNumber<DivideByNumberOperation>(a, b);

    public static Tensor operator /(double a, Tensor b) => ApplyNumber<DivideNumberOperation>(b, a);

    public static Tensor operator -(Tensor x) => Apply<NegateOperation>(x);

    private readonly struct NegateOperation : IUnaryOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Negate(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => -gradient;
    }

    private readonly struct AddOperation : ILanesOperation<Elementwise.AddLanes>
    {
        public static string Name => "Add";

        public static Tensor? BackwardA(Tensor a, Tensor b, Tensor y, Tensor gradient) => gradient;

        public static Tensor? BackwardB(Tensor a, Tensor b, Tensor y, Tensor gradient) => gradient;
    }

    private readonly struct SubtractOperation : ILanesOperation<Elementwise.SubtractLanes>
    {
        public static string Name => "Subtract";

        public static Tensor? BackwardA(Tensor a, Tensor b, Tensor y, Tensor gradient) => gradient;

        public static Tensor? BackwardB(Tensor a, Tensor b, Tensor y, Tensor gradient) => -gradient;
    }

    private readonly struct MultiplyOperation : ILanesOperation<Elementwise.MultiplyLanes>
    {
        public static string Name => "Multiply";

        public static Tensor? BackwardA(Tensor a, Tensor b, Tensor y, Tensor gradient) => gradient * b;

        public static Tensor? BackwardB(Tensor a, Tensor b, Tensor y, Tensor gradient) => gradient * a;
    }

    private readonly struct DivideOperation : ILanesOperation<Elementwise.DivideLanes>
    {
        public static string Name => "Divide";

        public static Tensor? BackwardA(Tensor a, Tensor b, Tensor y, Tensor gradient) => gradient / b;

        public static Tensor? BackwardB(Tensor a, Tensor b, Tensor y, Tensor gradient) => -gradient * y / b;
    }

    private readonly struct AddNumberOperation : INumberOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, T number, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => VectorLoop.Map<T, Elementwise.AddLanes>(x, number, y);

        public static Tensor? Backward(Tensor x, double number, Tensor y, Tensor gradient) => gradient;
    }

    private readonly struct SubtractFromNumberOperation : INumberOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, T number, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => VectorLoop.Map<T, Elementwise.SubtractLanes>(number, x, y);

        public static Tensor? Backward(Tensor x, double number, Tensor y, Tensor gradient) => -gradient;
    }

    private readonly struct MultiplyNumberOperation : INumberOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, T number, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => VectorLoop.Map<T, Elementwise.MultiplyLanes>(x, number, y);

        public static Tensor? Backward(Tensor x, double number, Tensor y, Tensor gradient) => gradient * number;
    }

    private readonly struct DivideByNumberOperation : INumberOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, T number, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => VectorLoop.Map<T, Elementwise.DivideLanes>(x, number, y);

        public static Tensor? Backward(Tensor x, double number, Tensor y, Tensor gradient) => gradient / number;
    }

    private readonly struct DivideNumberOperation : INumberOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, T number, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => VectorLoop.Map<T, Elementwise.DivideLanes>(number, x, y);

        public static Tensor? Backward(Tensor x, double number, Tensor y, Tensor gradient) => -gradient * y / x;
    }
}
