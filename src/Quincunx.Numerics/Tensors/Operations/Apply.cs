using Quincunx.Numerics.Autodiff;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    internal static Tensor Apply<TOperation>(Tensor x)
        where TOperation : struct, IUnaryOperation
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor y = Allocate(x.Shape, x.DType);
        if (x.DType == DType.Float32)
        {
            TOperation.Forward(x.AsSpan<float>(), y.Writable<float>());
        }
        else
        {
            TOperation.Forward(x.AsSpan<double>(), y.Writable<double>());
        }

        return TOperation.IsFlat ? y : Recording.Of(y, UnaryRule<TOperation>.Rule, x);
    }

    /// <summary>Applies with a number, rounded to the element type.</summary>
    internal static Tensor ApplyNumber<TOperation>(Tensor x, double number)
        where TOperation : struct, INumberOperation
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor y = Allocate(x.Shape, x.DType);
        if (x.DType == DType.Float32)
        {
            TOperation.Forward(x.AsSpan<float>(), (float)number, y.Writable<float>());
        }
        else
        {
            TOperation.Forward(x.AsSpan<double>(), number, y.Writable<double>());
        }

        return TOperation.IsFlat ? y : Recording.Of(y, NumberRule<TOperation>.Rule, x, number);
    }

    internal static Tensor Apply<TOperation>(Tensor a, Tensor b)
        where TOperation : struct, IBinaryOperation
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        a.RequireSameType(b, TOperation.Name);
        Shape shape = Shape.Broadcast(TOperation.Name, a.Shape, b.Shape);
        Tensor y = Allocate(shape, a.DType);
        if (a.DType == DType.Float32)
        {
            Broadcasting.Run<float, TOperation>(a.Shape, a.AsSpan<float>(), b.Shape, b.AsSpan<float>(), shape, y.Writable<float>());
        }
        else
        {
            Broadcasting.Run<double, TOperation>(a.Shape, a.AsSpan<double>(), b.Shape, b.AsSpan<double>(), shape, y.Writable<double>());
        }

        return TOperation.IsFlat ? y : Recording.Of(y, BinaryRule<TOperation>.Rule, a, b);
    }

    private static class UnaryRule<TOperation>
        where TOperation : struct, IUnaryOperation
    {
        public static readonly PullBack Rule = static (y, gradient, pull) =>
        {
            if (TOperation.Backward(pull.Inputs[0], y, gradient) is Tensor dx)
            {
                pull.Set(0, dx);
            }
        };
    }

    private static class NumberRule<TOperation>
        where TOperation : struct, INumberOperation
    {
        public static readonly PullBack Rule = static (y, gradient, pull) =>
        {
            if (TOperation.Backward(pull.Inputs[0], y.Node!.Number, y, gradient) is Tensor dx)
            {
                pull.Set(0, dx);
            }
        };
    }

    private static class BinaryRule<TOperation>
        where TOperation : struct, IBinaryOperation
    {
        public static readonly PullBack Rule = static (y, gradient, pull) =>
        {
            Tensor a = pull.Inputs[0], b = pull.Inputs[1];
            if (pull.Wanted[0] && TOperation.BackwardA(a, b, y, gradient) is Tensor da)
            {
                pull.Set(0, da.SumTo(a.Shape));
            }

            if (pull.Wanted[1] && TOperation.BackwardB(a, b, y, gradient) is Tensor db)
            {
                pull.Set(1, db.SumTo(b.Shape));
            }
        };
    }
}
