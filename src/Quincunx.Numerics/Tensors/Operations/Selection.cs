using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>a where the mask is not 0, b elsewhere; the three broadcast.</summary>
    /// <param name="mask">The operands' element type, usually from a comparison; not differentiated. NaN counts as not 0.</param>
    /// <remarks>
    /// The gradient of what is not chosen is exactly 0, unless the rule that computed it multiplies that 0 by ∞ or NaN: guard the
    /// argument of such a function with a second Where.
    /// </remarks>
    public static Tensor Where(Tensor mask, Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        mask.RequireSameType(a);
        mask.RequireSameType(b);
        Shape shape = Shape.Broadcast("Where", Shape.Broadcast("Where", mask.Shape, a.Shape), b.Shape);
        Tensor y = Allocate(shape, a.DType);
        using (Recording.Off())
        {
            Tensor wide = mask.BroadcastTo(shape);
            Tensor left = a.Count == 1 ? a : a.BroadcastTo(shape), right = b.Count == 1 ? b : b.BroadcastTo(shape);
            Kernel.Run(new ChoiceKernel(wide, left, right, y), y, [wide, left, right]);
        }

        return Recording.Of(y, WhereRule, mask, a, b);
    }

    /// <summary>a where the mask is not 0, a number elsewhere.</summary>
    public static Tensor Where(Tensor mask, Tensor a, double b)
    {
        ArgumentNullException.ThrowIfNull(a);
        return b == 0 && !double.IsNegative(b) ? KeepWhere(a, mask) : Where(mask, a, Scalar(b, a.DType));
    }

    /// <summary>A number where the mask is not 0, b elsewhere.</summary>
    public static Tensor Where(Tensor mask, double a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(b);
        return a == 0 && !double.IsNegative(a) ? Apply<ClearWhereOperation>(b, mask) : Where(mask, Scalar(a, b.DType), b);
    }

    /// <summary>1 where x is neither NaN nor infinite, else 0. Its derivative is 0.</summary>
    public static Tensor IsFinite(Tensor x) => Apply<IsFiniteOperation>(x);

    private static readonly PullBack WhereRule = static (_, gradient, pull) =>
    {
        Tensor mask = pull.Inputs[0];
        if (pull.Wanted[1])
        {
            pull.Set(1, KeepWhere(gradient, mask).SumTo(pull.Inputs[1].Shape));
        }

        if (pull.Wanted[2])
        {
            pull.Set(2, Apply<ClearWhereOperation>(gradient, mask).SumTo(pull.Inputs[2].Shape));
        }
    };

    /// <summary>a where the mask is not 0, and 0 elsewhere, even where a is NaN or infinite.</summary>
    private static Tensor KeepWhere(Tensor a, Tensor mask) => Apply<KeepWhereOperation>(a, mask);

    private readonly struct ChoiceKernel(Tensor mask, Tensor a, Tensor b, Tensor y) : IKernel
    {
        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => Elementwise.Choose(mask.Elements<T>(), a.Elements<T>(), b.Elements<T>(), y.Writable<T>());
    }

    private readonly struct KeepWhereOperation : ILanesOperation<Elementwise.KeepWhereLanes>
    {
        public static string Name => "KeepWhere";

        public static Tensor? BackwardA(Tensor a, Tensor b, Tensor y, Tensor gradient) => KeepWhere(gradient, b);

        public static Tensor? BackwardB(Tensor a, Tensor b, Tensor y, Tensor gradient) => null;
    }

    private readonly struct ClearWhereOperation : ILanesOperation<Elementwise.ClearWhereLanes>
    {
        public static string Name => "ClearWhere";

        public static Tensor? BackwardA(Tensor a, Tensor b, Tensor y, Tensor gradient) => Apply<ClearWhereOperation>(gradient, b);

        public static Tensor? BackwardB(Tensor a, Tensor b, Tensor y, Tensor gradient) => null;
    }

    private readonly struct IsFiniteOperation : IUnaryOperation
    {
        public static bool IsFlat => true;

        public static void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
            where T : unmanaged, IFloatingPointIeee754<T> => VectorLoop.Map<T, Elementwise.IsFiniteLanes>(x, T.Zero, y);

        public static Tensor? Backward(Tensor x, Tensor y, Tensor gradient) => null;
    }
}
