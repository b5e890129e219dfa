using System.Numerics;
using System.Numerics.Tensors;

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
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Negate(x, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => -gradient;
    }

    private readonly struct AddOperation : IBinaryOperation
    {
        public static string Name => "Add";

        public static void Forward<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Add(a, b, y);

        public static void Forward<T>(ReadOnlySpan<T> a, T b, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Add(a, b, y);

        public static void Forward<T>(T a, ReadOnlySpan<T> b, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Add(b, a, y);

        public static Tensor? BackwardA(Tensor a, Tensor b, Tensor y, Tensor gradient) => gradient;

        public static Tensor? BackwardB(Tensor a, Tensor b, Tensor y, Tensor gradient) => gradient;
    }

    private readonly struct SubtractOperation : IBinaryOperation
    {
        public static string Name => "Subtract";

        public static void Forward<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Subtract(a, b, y);

        public static void Forward<T>(ReadOnlySpan<T> a, T b, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Subtract(a, b, y);

        public static void Forward<T>(T a, ReadOnlySpan<T> b, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Subtract(a, b, y);

        public static Tensor? BackwardA(Tensor a, Tensor b, Tensor y, Tensor gradient) => gradient;

        public static Tensor? BackwardB(Tensor a, Tensor b, Tensor y, Tensor gradient) => -gradient;
    }

    private readonly struct MultiplyOperation : IBinaryOperation
    {
        public static string Name => "Multiply";

        public static void Forward<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Multiply(a, b, y);

        public static void Forward<T>(ReadOnlySpan<T> a, T b, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Multiply(a, b, y);

        public static void Forward<T>(T a, ReadOnlySpan<T> b, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Multiply(b, a, y);

        public static Tensor? BackwardA(Tensor a, Tensor b, Tensor y, Tensor gradient) => gradient * b;

        public static Tensor? BackwardB(Tensor a, Tensor b, Tensor y, Tensor gradient) => gradient * a;
    }

    private readonly struct DivideOperation : IBinaryOperation
    {
        public static string Name => "Divide";

        public static void Forward<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Divide(a, b, y);

        public static void Forward<T>(ReadOnlySpan<T> a, T b, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Divide(a, b, y);

        public static void Forward<T>(T a, ReadOnlySpan<T> b, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Divide(a, b, y);

        public static Tensor? BackwardA(Tensor a, Tensor b, Tensor y, Tensor gradient) => gradient / b;

        public static Tensor? BackwardB(Tensor a, Tensor b, Tensor y, Tensor gradient) => -gradient * y / b;
    }

    private readonly struct AddNumberOperation : INumberOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, T number, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Add(x, number, y);

        public static Tensor? Backward(Tensor x, double number, Tensor y, Tensor gradient) => gradient;
    }

    private readonly struct SubtractFromNumberOperation : INumberOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, T number, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Subtract(number, x, y);

        public static Tensor? Backward(Tensor x, double number, Tensor y, Tensor gradient) => -gradient;
    }

    private readonly struct MultiplyNumberOperation : INumberOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, T number, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Multiply(x, number, y);

        public static Tensor? Backward(Tensor x, double number, Tensor y, Tensor gradient) => gradient * number;
    }

    private readonly struct DivideByNumberOperation : INumberOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, T number, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Divide(x, number, y);

        public static Tensor? Backward(Tensor x, double number, Tensor y, Tensor gradient) => gradient / number;
    }

    private readonly struct DivideNumberOperation : INumberOperation
    {
        public static void Forward<T>(ReadOnlySpan<T> x, T number, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Divide(number, x, y);

        public static Tensor? Backward(Tensor x, double number, Tensor y, Tensor gradient) => -gradient * y / x;
    }
}
