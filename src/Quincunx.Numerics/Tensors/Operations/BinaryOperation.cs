using System.Numerics;
using Quincunx.Numerics.Autodiff;

namespace Quincunx.Numerics.Tensors;

/// <summary>An elementwise function of two tensors that broadcast: kernels and derivatives in one place.</summary>
internal interface IBinaryOperation
{
    static abstract string Name { get; }

    /// <summary>Fills y with f(a, b), element by element; same lengths; y may be a or b.</summary>
    static abstract void Forward<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>As above with one b for all elements.</summary>
    static abstract void Forward<T>(ReadOnlySpan<T> a, T b, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>As above with one a for all elements.</summary>
    static abstract void Forward<T>(T a, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>gradient · ∂f/∂a in the broadcast shape, or null where it is zero everywhere.</summary>
    static abstract Tensor? BackwardA(Tensor a, Tensor b, Tensor y, Tensor gradient);

    /// <summary>gradient · ∂f/∂b in the broadcast shape, or null where it is zero everywhere.</summary>
    static abstract Tensor? BackwardB(Tensor a, Tensor b, Tensor y, Tensor gradient);
}

public sealed partial class Tensor
{
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

        return Recording.Of(y, BinaryRule<TOperation>.Rule, a, b);
    }

    /// <summary>Applies with a number on the right, without making a tensor of it where nothing is recorded.</summary>
    internal static Tensor Apply<TOperation>(Tensor a, double b)
        where TOperation : struct, IBinaryOperation
    {
        ArgumentNullException.ThrowIfNull(a);
        return Apply<TOperation>(a, Scalar(b, a.DType));
    }

    internal static Tensor Apply<TOperation>(double a, Tensor b)
        where TOperation : struct, IBinaryOperation
    {
        ArgumentNullException.ThrowIfNull(b);
        return Apply<TOperation>(Scalar(a, b.DType), b);
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
