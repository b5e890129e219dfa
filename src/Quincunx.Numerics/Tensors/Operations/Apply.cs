using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    internal static Tensor Apply<TOperation>(Tensor x)
        where TOperation : struct, IUnaryOperation
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor y = Allocate(x.Shape, x.DType);
        Kernel.Run(new UnaryKernel<TOperation>(x, y), y, x);
        return TOperation.IsFlat ? y : Recording.Of(y, UnaryRule<TOperation>.Rule, x);
    }

    /// <summary>Applies with a number, rounded to the element type.</summary>
    internal static Tensor ApplyNumber<TOperation>(Tensor x, double number)
        where TOperation : struct, INumberOperation
    {
        ArgumentNullException.ThrowIfNull(x);
        Tensor y = Allocate(x.Shape, x.DType);
        Kernel.Run(new NumberKernel<TOperation>(x, number, y), y, x);
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
        Kernel.Run(new BinaryKernel<TOperation>(a, b, y), y, a, b);
        return TOperation.IsFlat ? y : Recording.Of(y, BinaryRule<TOperation>.Rule, a, b);
    }

    private readonly struct UnaryKernel<TOperation>(Tensor x, Tensor y) : INotedKernel
        where TOperation : struct, IUnaryOperation
    {
        public OperationNote Note => new(OperationNote.NameOf(typeof(TOperation)));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => TOperation.Forward(x.Elements<T>(), y.Writable<T>());
    }

    private readonly struct NumberKernel<TOperation>(Tensor x, double number, Tensor y) : INotedKernel
        where TOperation : struct, INumberOperation
    {
        public OperationNote Note => OperationNote.WithNumber(typeof(TOperation), number);

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> =>
            TOperation.Forward(x.Elements<T>(), T.CreateTruncating(number), y.Writable<T>());
    }

    private readonly struct BinaryKernel<TOperation>(Tensor a, Tensor b, Tensor y) : INotedKernel
        where TOperation : struct, IBinaryOperation
    {
        public OperationNote Note => new(TOperation.Name);

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> =>
            Broadcasting.Run<T, TOperation>(a.Shape, a.Elements<T>(), b.Shape, b.Elements<T>(), y.Shape, y.Writable<T>());
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
