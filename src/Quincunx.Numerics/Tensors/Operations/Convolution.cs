using System.Numerics;
using Quincunx.Numerics.Autodiff;
using Quincunx.Numerics.Kernels;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    /// <summary>
    /// Convolution over one to three axes, as networks have it (without flipping the weight):
    /// <c>y[n, f, o] = bias[f] + Σ weight[f, c, j] x[n, c, o · stride + j · dilation - padding]</c> over channels c and elements j of the window.
    /// </summary>
    /// <param name="x">Shape <c>[batch, channels, …grid]</c> with one to three axes of grid.</param>
    /// <param name="weight">Shape <c>[filters, channels / groups, …window]</c>.</param>
    /// <param name="bias">Shape <c>[filters]</c>, or null for none.</param>
    /// <param name="window">Strides, padding and dilation; null for strides of 1 and no padding.</param>
    /// <param name="groups">Parts into which channels and filters are cut in order, each part of the filters seeing its part of the channels.</param>
    /// <returns>Shape <c>[batch, filters, …places]</c>; <see cref="WindowOptions"/> has their number.</returns>
    /// <exception cref="ShapeException">The shapes do not fit, or the window is longer than the padded grid.</exception>
    /// <remarks>By matrix products with the windows of a block as columns; a window of one element needs no columns.</remarks>
    public static Tensor Convolution(Tensor x, Tensor weight, Tensor? bias = null, WindowOptions? window = null, int groups = 1)
    {
        RequireConvolutionOperands("Convolution", x, weight, bias, groups);
        int filters = weight.Shape[0];
        if (weight.Shape[1] * groups != x.Shape[1] || filters % groups != 0)
        {
            throw ShapeException.Pair(
                "Convolution", x.Shape, weight.Shape, $"expected [batch, channels, ...grid] and [filters, channels / groups, ...window] with {groups} groups.");
        }

        RequireBias("Convolution", weight.Shape, bias, filters);
        WindowGeometry g = (window ?? WindowOptions.Default).Over("Convolution", x.Shape, weight.Shape, UnitSteps[..(x.Rank - 2)]);
        var plan = new ConvolutionPlan(g, groups, x.Shape, weight.Shape);
        return bias is null ? Convolved(x, weight, plan) : Convolved(x, weight, bias, plan);
    }

    /// <summary>
    /// The transpose of <see cref="Convolution"/> with the same weight and window, which turns its result's shape back into its input's:
    /// <c>y[n, c, o · stride + j · dilation - padding] += weight[f, c, j] x[n, f, o]</c>. Not its inverse.
    /// </summary>
    /// <param name="x">Shape <c>[batch, filters, …places]</c>.</param>
    /// <param name="weight">Shape <c>[filters, channels / groups, …window]</c>.</param>
    /// <param name="bias">Shape <c>[channels]</c>, or null for none.</param>
    /// <param name="window">Strides, padding (here taken away) and dilation of the convolution that is transposed.</param>
    /// <param name="outputPadding">
    /// One number for all axes, or one for each, below the stride, null for 0: elements at the end of the result that no window of the convolution would reach; a stride makes several
    /// lengths give the same number of places.
    /// </param>
    /// <returns>Shape <c>[batch, channels, …grid]</c> with grid <c>(places - 1) · stride - 2 · padding + dilation · (window - 1) + outputPadding + 1</c>.</returns>
    /// <exception cref="ShapeException">The shapes do not fit, or nothing is left of the grid.</exception>
    public static Tensor TransposedConvolution(
        Tensor x, Tensor weight, Tensor? bias = null, WindowOptions? window = null, int groups = 1, IReadOnlyList<int>? outputPadding = null)
    {
        RequireConvolutionOperands("TransposedConvolution", x, weight, bias, groups);
        int channels = weight.Shape[1] * groups, axes = x.Rank - 2;
        if (weight.Shape[0] != x.Shape[1] || weight.Shape[0] % groups != 0)
        {
            throw ShapeException.Pair(
                "TransposedConvolution", x.Shape, weight.Shape, $"expected [batch, filters, ...places] and [filters, channels / groups, ...window] with {groups} groups.");
        }

        RequireBias("TransposedConvolution", weight.Shape, bias, channels);
        WindowOptions options = window ?? WindowOptions.Default;
        int[] strides = options.Strides(UnitSteps[..axes]), paddings = options.Paddings(axes), dilations = options.Dilations(axes);
        int[] behind = WindowOptions.Each(outputPadding ?? [0], axes, 0, nameof(outputPadding)), lengths = [x.Shape[0], channels, .. x.Shape.Lengths[2..]];
        for (int axis = 0; axis < axes; axis++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(behind[axis], strides[axis], nameof(outputPadding));
            int grid = ((x.Shape[axis + 2] - 1) * strides[axis]) - (2 * paddings[axis]) + (dilations[axis] * (weight.Shape[axis + 2] - 1)) + behind[axis] + 1;
            lengths[axis + 2] = grid > 0 && x.Shape[axis + 2] > 0 ? grid
                : throw ShapeException.Pair("TransposedConvolution", x.Shape, weight.Shape, $"padding {paddings[axis]} leaves nothing of axis {axis + 2}.");
        }

        var shape = new Shape(lengths);
        WindowGeometry g = options.Over("TransposedConvolution", shape, weight.Shape, UnitSteps[..axes]);
        Tensor y = BackConvolved(x, weight, new ConvolutionPlan(g, groups, shape, weight.Shape));
        return bias is null ? y : y + bias.Reshape(new Shape([channels, .. UnitSteps[..axes]]));
    }

    private static ReadOnlySpan<int> UnitSteps => [1, 1, 1];

    // What the three operations of a convolution share; shapes but for the batch.
    private sealed record ConvolutionPlan(WindowGeometry Geometry, int Groups, Shape X, Shape Weight)
    {
        public int Channels => Weight[1];

        public int Filters => Weight[0] / Groups;

        public Shape Places(int batch) => new([batch, Weight[0], .. Geometry.Output.AsSpan(WindowGeometry.Axes - (X.Rank - 2))]);

        public Shape Grid(int batch) => X.With(0, batch);
    }

    // The three are one trilinear form <y, weight ∗ x> seen from its three sides, so that each one's derivatives are the other two.
    private static Tensor Convolved(Tensor x, Tensor weight, ConvolutionPlan plan)
    {
        Tensor y = Allocate(plan.Places(x.Shape[0]), x.DType);
        Kernel.Run(new ConvolutionKernel(x, weight, null, y, plan), y, x, weight);
        return Recording.Of(y, (_, gradient, pull) => PullConvolved(gradient, pull, plan), x, weight);
    }

    private static Tensor Convolved(Tensor x, Tensor weight, Tensor bias, ConvolutionPlan plan)
    {
        Tensor y = Allocate(plan.Places(x.Shape[0]), x.DType);
        Kernel.Run(new ConvolutionKernel(x, weight, bias, y, plan), y, [x, weight, bias]);
        return Recording.Of(
            y,
            (_, gradient, pull) =>
            {
                PullConvolved(gradient, pull, plan);
                if (pull.Wanted[2])
                {
                    pull.Set(2, gradient.Reshape(gradient.Shape[0], gradient.Shape[1], plan.Geometry.OutputCount).Sum([0, 2]));
                }
            },
            [x, weight, bias]);
    }

    private static void PullConvolved(Tensor gradient, Pull pull, ConvolutionPlan plan)
    {
        if (pull.Wanted[0])
        {
            pull.Set(0, BackConvolved(gradient, pull.Inputs[1], plan));
        }

        if (pull.Wanted[1])
        {
            pull.Set(1, ConvolutionWeights(pull.Inputs[0], gradient, plan));
        }
    }

    private static Tensor BackConvolved(Tensor y, Tensor weight, ConvolutionPlan plan)
    {
        Tensor x = Allocate(plan.Grid(y.Shape[0]), y.DType);
        Kernel.Run(new ConvolutionBackKernel(y, weight, x, plan), x, y, weight);
        return Recording.Of(
            x,
            (_, gradient, pull) =>
            {
                if (pull.Wanted[0])
                {
                    pull.Set(0, Convolved(gradient, pull.Inputs[1], plan));
                }

                if (pull.Wanted[1])
                {
                    pull.Set(1, ConvolutionWeights(gradient, pull.Inputs[0], plan));
                }
            },
            y,
            weight);
    }

    private static Tensor ConvolutionWeights(Tensor x, Tensor y, ConvolutionPlan plan)
    {
        Tensor weight = Allocate(plan.Weight, x.DType);
        Kernel.Run(new ConvolutionWeightKernel(x, y, weight, plan), weight, x, y);
        return Recording.Of(
            weight,
            (_, gradient, pull) =>
            {
                if (pull.Wanted[0])
                {
                    pull.Set(0, BackConvolved(pull.Inputs[1], gradient, plan));
                }

                if (pull.Wanted[1])
                {
                    pull.Set(1, Convolved(pull.Inputs[0], gradient, plan));
                }
            },
            x,
            y);
    }

    private static void RequireConvolutionOperands(string operation, Tensor x, Tensor weight, Tensor? bias, int groups)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        x.RequireSameType(weight, operation);
        if (bias is not null)
        {
            x.RequireSameType(bias, operation);
        }

        if (x.Rank is < 3 or > 2 + WindowGeometry.Axes || weight.Rank != x.Rank || weight.Shape.Lengths[2..].Contains(0))
        {
            throw ShapeException.Pair(operation, x.Shape, weight.Shape, "expected three to five axes in both, and no window without elements.");
        }
    }

    private static void RequireBias(string operation, Shape weight, Tensor? bias, int length)
    {
        if (bias is not null && (bias.Rank != 1 || bias.Shape[0] != length))
        {
            throw ShapeException.Pair(operation, weight, bias.Shape, $"for the weight, expected a bias [{length}].");
        }
    }

    // Of the last axes, which are those that the window moves over.
    private static OperationNote WindowNote(string name, WindowGeometry g, int axes, params ReadOnlySpan<(string Name, object? Value)> more) => new(
        name,
        [
            ("window", g.Window[^axes..]), ("stride", g.Stride[^axes..]), ("padding", g.Padding[^axes..]), ("dilation", g.Dilation[^axes..]), ("circular", g.IsCircular), .. more,
        ]);

    private readonly struct ConvolutionKernel(Tensor x, Tensor weight, Tensor? bias, Tensor y, ConvolutionPlan plan) : INotedKernel
    {
        public OperationNote Note => WindowNote("Convolution", plan.Geometry, x.Rank - 2, ("groups", plan.Groups), ("bias", bias is not null));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => Convolutions.Forward(
                plan.Geometry, x.Shape[0], plan.Groups, plan.Channels, plan.Filters, x.Elements<T>(), weight.Elements<T>(),
                bias is null ? [] : bias.Elements<T>(), y.Writable<T>(), KernelThreads.Count);
    }

    private readonly struct ConvolutionBackKernel(Tensor y, Tensor weight, Tensor x, ConvolutionPlan plan) : INotedKernel
    {
        public OperationNote Note => WindowNote("ConvolutionBack", plan.Geometry, x.Rank - 2, ("groups", plan.Groups));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => Convolutions.Back(
                plan.Geometry, y.Shape[0], plan.Groups, plan.Channels, plan.Filters, y.Elements<T>(), weight.Elements<T>(), x.Writable<T>(), KernelThreads.Count);
    }

    private readonly struct ConvolutionWeightKernel(Tensor x, Tensor y, Tensor weight, ConvolutionPlan plan) : IKernel
    {
        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => Convolutions.Weights(
                plan.Geometry, x.Shape[0], plan.Groups, plan.Channels, plan.Filters, x.Elements<T>(), y.Elements<T>(), weight.Writable<T>(), KernelThreads.Count);
    }
}
