using System.Numerics;
using System.Numerics.Tensors;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Replays;
using Quincunx.Numerics.Tracing;

namespace Quincunx.Numerics.Tensors;

public sealed partial class Tensor
{
    public static Tensor Zeros(Shape shape, DType dtype = DType.Float32) => Full(shape, 0, dtype);

    public static Tensor Ones(Shape shape, DType dtype = DType.Float32) => Full(shape, 1, dtype);

    /// <summary>Every element is <paramref name="value"/>, rounded to the element type.</summary>
    public static Tensor Full(Shape shape, double value, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Tensor result = Allocate(shape, dtype);
        return Kernel.Run(new FillKernel(result, value), result);
    }

    /// <summary>A tensor of shape <c>[]</c>.</summary>
    public static Tensor Scalar(double value, DType dtype = DType.Float32) => Full(Shape.Scalar, value, dtype);

    /// <summary>A copy of the values in row-major order, rounded to the element type.</summary>
    /// <exception cref="ShapeException">The number of values is not that of the shape.</exception>
    public static Tensor From(ReadOnlySpan<double> values, Shape shape, DType dtype = DType.Float64)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ReplayRecorder.MadeByHost("a tensor was made from numbers");
        Tensor result = AllocateFor(values.Length, shape, dtype);
        if (dtype == DType.Float64)
        {
            values.CopyTo(result.Writable<double>());
        }
        else
        {
            TensorPrimitives.ConvertTruncating(values, result.Writable<float>());
        }

        return result;
    }

    /// <summary>A copy of the values in row-major order.</summary>
    /// <exception cref="ShapeException">The number of values is not that of the shape.</exception>
    public static Tensor From(ReadOnlySpan<float> values, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ReplayRecorder.MadeByHost("a tensor was made from numbers");
        Tensor result = AllocateFor(values.Length, shape, DType.Float32);
        values.CopyTo(result.Writable<float>());
        return result;
    }

    /// <summary>Independent uniform draws from [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public static Tensor Uniform(double low, double high, Rng rng, Shape shape, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentNullException.ThrowIfNull(shape);
        double[] values = new double[shape.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = low + ((high - low) * rng.NextDouble());
        }

        return From(values, shape, dtype);
    }

    /// <summary>Independent draws from the normal distribution.</summary>
    public static Tensor Normal(double mean, double standardDeviation, Rng rng, Shape shape, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentNullException.ThrowIfNull(shape);
        double[] values = new double[shape.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = mean + (standardDeviation * rng.NextNormal());
        }

        return From(values, shape, dtype);
    }

    /// <summary>Evenly spaced numbers, both ends included.</summary>
    /// <param name="count">At least 2, or 1 for <paramref name="start"/> alone.</param>
    public static Tensor Linspace(double start, double end, int count, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
        {
            // A weighted mean, so that the last is the end exactly.
            double t = count == 1 ? 0 : (double)i / (count - 1);
            values[i] = (start * (1 - t)) + (end * t);
        }

        return From(values, new Shape(count), dtype);
    }

    /// <summary><c>0, 1, …, count - 1</c>.</summary>
    public static Tensor Range(int count, DType dtype = DType.Float32)
    {
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = i;
        }

        return From(values, new Shape(count), dtype);
    }

    /// <summary>The identity matrix, shape <c>[size, size]</c>.</summary>
    public static Tensor Eye(int size, DType dtype = DType.Float32) => Ones(new Shape(size), dtype).ToDiagonal();

    private readonly struct FillKernel(Tensor y, double value) : INotedKernel
    {
        public OperationNote Note => new("Fill", ("value", value));

        public void Run<T>()
            where T : unmanaged, IFloatingPointIeee754<T> => y.Writable<T>().Fill(T.CreateTruncating(value));
    }

    private static Tensor AllocateFor(int values, Shape shape, DType dtype) =>
        values == shape.Count
            ? Allocate(shape, dtype)
            : throw new ShapeException($"Expected {shape.Count} values for shape {shape}, got {values}.");
}
