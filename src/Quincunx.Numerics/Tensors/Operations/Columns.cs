using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary><c>relu(W x + b + r)</c> of each column, in one operation.</summary>
    /// <param name="weight">Shape <c>[outputs, inputs]</c>.</param>
    /// <param name="x">Shape <c>[inputs, n]</c>: an example is a column.</param>
    /// <param name="bias">Shape <c>[outputs]</c>, or null for none.</param>
    /// <param name="residual">Shape <c>[outputs, n]</c>, or null for none.</param>
    /// <param name="relu">Whether what is below 0 becomes 0, as in <see cref="Relu"/>.</param>
    /// <param name="staircase">Which weights exist; null for all.</param>
    /// <returns>Shape <c>[outputs, n]</c>.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Tensor LinearColumns(
        Tensor weight, Tensor x, Tensor? bias = null, Tensor? residual = null, bool relu = false, Staircase? staircase = null)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(x);
        weight.RequireSameType(x);
        if (weight.Rank != 2 || x.Rank != 2 || weight.Shape[1] != x.Shape[0])
        {
            throw ShapeException.Pair("LinearColumns", weight.Shape, x.Shape, "expected [outputs, inputs] and [inputs, n].");
        }

        if (staircase is not null && (staircase.Rows != weight.Shape[0] || staircase.Columns != weight.Shape[1]))
        {
            throw new ShapeException($"LinearColumns: a staircase of [{staircase.Rows}, {staircase.Columns}] for a weight of shape {weight.Shape}.");
        }

        var shape = new Shape(weight.Shape[0], x.Shape[1]);
        if (bias is not null)
        {
            weight.RequireSameType(bias);
            if (bias.Rank != 1 || bias.Shape[0] != shape[0])
            {
                throw ShapeException.Pair("LinearColumns", weight.Shape, bias.Shape, "expected a weight [outputs, inputs] and a bias [outputs].");
            }
        }

        if (residual is not null)
        {
            weight.RequireSameType(residual);
            if (residual.Shape != shape)
            {
                throw ShapeException.Pair("LinearColumns", shape, residual.Shape, "the residual has the shape of the result.");
            }
        }

        Tensor y = Allocate(shape, x.DType);
        ReadOnlySpan<Tensor> inputs = (bias, residual) switch
        {
            (null, null) => [weight, x],
            (null, _) => [weight, x, residual],
            (_, null) => [weight, x, bias],
            _ => [weight, x, bias, residual],
        };
        Kernel.Run(new ColumnKernel(weight, x, bias, residual, y, relu, staircase), y, inputs);
        return Recording.Of(y, ColumnRule(bias is not null, residual is not null, relu, staircase), inputs);
    }

    /// <summary>Overwrites y with what <see cref="LinearColumns"/> gives for the first inputs only; not recorded.</summary>
    /// <param name="y">Shape <c>[outputs, n]</c>, freshly made or a part of it: nobody else may have seen it.</param>
    /// <param name="seen">How many inputs count; the other rows of x may be anything.</param>
    internal static void LinearColumnsInto(Tensor y, Tensor weight, int seen, Tensor x, Tensor bias, Tensor? residual = null, bool relu = false)
    {
        var kernel = new ColumnPartKernel(weight, seen, x, bias, residual, y, relu);
        Kernel.Run(kernel, y, residual is null ? [weight, x, bias] : [weight, x, bias, residual]);
    }

    private static PullBack ColumnRule(bool hasBias, bool hasResidual, bool relu, Staircase? staircase) => (y, gradient, pull) =>
    {
        Tensor weight = pull.Inputs[0], x = pull.Inputs[1];
        Tensor inside = relu ? Apply<GateOperation>(gradient, y) : gradient;
        if (pull.Wanted[0])
        {
            pull.Set(0, WeightsOfColumns(inside, x, staircase));
        }

        if (pull.Wanted[1])
        {
            pull.Set(1, BackOfColumns(weight, inside, staircase));
        }

        if (hasBias && pull.Wanted[2])
        {
            pull.Set(2, inside.Sum(1));
        }

        if (hasResidual && pull.Wanted[hasBias ? 3 : 2])
        {
            pull.Set(hasBias ? 3 : 2, inside);
        }
    };

    // Wᵀ g: bilinear, so that its derivatives are products of the same three kinds.
    private static Tensor BackOfColumns(Tensor weight, Tensor g, Staircase? staircase)
    {
        Tensor x = Allocate(new Shape(weight.Shape[1], g.Shape[1]), g.DType);
        Kernel.Run(new ColumnBackKernel(weight, g, x, staircase), x, weight, g);
        return Recording.Of(
            x,
            (_, gradient, pull) =>
            {
                if (pull.Wanted[0])
                {
                    pull.Set(0, WeightsOfColumns(pull.Inputs[1], gradient, staircase));
                }

                if (pull.Wanted[1])
                {
                    pull.Set(1, LinearColumns(pull.Inputs[0], gradient, staircase: staircase));
                }
            },
            weight,
            g);
    }

    // g xᵀ, zero where the staircase has no entry.
    private static Tensor WeightsOfColumns(Tensor g, Tensor x, Staircase? staircase)
    {
        Tensor weight = Allocate(new Shape(g.Shape[0], x.Shape[0]), g.DType);
        Kernel.Run(new ColumnWeightKernel(g, x, weight, staircase), weight, g, x);
        return Recording.Of(
            weight,
            (_, gradient, pull) =>
            {
                if (pull.Wanted[0])
                {
                    pull.Set(0, LinearColumns(gradient, pull.Inputs[1], staircase: staircase));
                }

                if (pull.Wanted[1])
                {
                    pull.Set(1, BackOfColumns(gradient, pull.Inputs[0], staircase));
                }
            },
            g,
            x);
    }

    private readonly struct ColumnKernel(Tensor weight, Tensor x, Tensor? bias, Tensor? residual, Tensor y, bool relu, Staircase? staircase) : INotedKernel
    {
        public OperationNote Note => new(
            "LinearColumns", ("bias", bias is not null), ("residual", residual is not null), ("relu", relu), ("staircase", staircase));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => ColumnProducts.Forward(
                weight.Elements<T>(), x.Elements<T>(), bias is null ? [] : bias.Elements<T>(), residual is null ? [] : residual.Elements<T>(), y.Writable<T>(),
                weight.Shape[0], weight.Shape[1], x.Shape[1], staircase, relu);
    }

    private readonly struct ColumnPartKernel(Tensor weight, int seen, Tensor x, Tensor bias, Tensor? residual, Tensor y, bool relu) : INotedKernel
    {
        public OperationNote Note => new("LinearColumnsPart", ("seen", seen), ("residual", residual is not null), ("relu", relu)) { PartlyRead = 1 };

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => ColumnProducts.ForwardPart(
                weight.Elements<T>(), x.Elements<T>(), bias.Elements<T>(), residual is null ? [] : residual.Elements<T>(), y.Writable<T>(),
                weight.Shape[0], weight.Shape[1], seen, x.Shape[1], relu);
    }

    private readonly struct ColumnBackKernel(Tensor weight, Tensor g, Tensor x, Staircase? staircase) : INotedKernel
    {
        public OperationNote Note => new("LinearColumnsBack", ("staircase", staircase));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => ColumnProducts.Back(
                weight.Elements<T>(), g.Elements<T>(), x.Writable<T>(), weight.Shape[0], weight.Shape[1], g.Shape[1], staircase);
    }

    private readonly struct ColumnWeightKernel(Tensor g, Tensor x, Tensor weight, Staircase? staircase) : INotedKernel
    {
        public OperationNote Note => new("LinearColumnsWeight", ("staircase", staircase));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => ColumnProducts.Weights(
                g.Elements<T>(), x.Elements<T>(), weight.Writable<T>(), weight.Shape[0], weight.Shape[1], g.Shape[1], staircase);
    }
}
