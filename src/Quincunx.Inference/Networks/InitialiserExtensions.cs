using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Networks;

/// <summary>Draws from an <see cref="Initialiser"/>.</summary>
public static class InitialiserExtensions
{
    /// <returns>Shape <c>[outputs, inputs]</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or there is no such initialiser.</exception>
    public static Tensor Draw(this Initialiser initialiser, int outputs, int inputs, Rng rng, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentNullException.ThrowIfNull(rng);
        var shape = new Shape(outputs, inputs);
        double he = 2.0 / inputs, glorot = 2.0 / (inputs + (double)outputs);
        return initialiser switch
        {
            Initialiser.Zeros => Tensor.Zeros(shape, dtype),
            Initialiser.LeCunUniform => Uniform(1.0 / inputs, rng, shape, dtype),
            Initialiser.HeUniform => Uniform(he, rng, shape, dtype),
            Initialiser.HeNormal => Normal(he, rng, shape, dtype),
            Initialiser.GlorotUniform => Uniform(glorot, rng, shape, dtype),
            Initialiser.GlorotNormal => Normal(glorot, rng, shape, dtype),
            Initialiser.Orthogonal => Orthogonal(rng, shape, dtype),
            _ => throw new ArgumentOutOfRangeException(nameof(initialiser), initialiser, "No such initialiser."),
        };
    }

    private static Tensor Uniform(double variance, Rng rng, Shape shape, DType dtype)
    {
        double bound = Math.Sqrt(3 * variance);
        return Tensor.Uniform(-bound, bound, rng, shape, dtype);
    }

    private static Tensor Normal(double variance, Rng rng, Shape shape, DType dtype)
    {
        double[] values = Gaussian(rng, shape.Count);
        double sd = Math.Sqrt(variance);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= sd;
        }

        return Tensor.From(values, shape, dtype);
    }

    // Gram and Schmidt's factor with a positive diagonal of R is unique, so that of a Gaussian matrix, whose law no rotation
    // changes, has a law that no rotation changes: Haar's. Library QRs choose other signs, which is why we orthonormalise here.
    // The second sweep restores the orthogonality that rounding costs the first (Giraud et al. 2005).
    private static Tensor Orthogonal(Rng rng, Shape shape, DType dtype)
    {
        int count = Math.Min(shape[0], shape[1]), length = Math.Max(shape[0], shape[1]);
        double[] rows = Gaussian(rng, count * length);
        for (int i = 0; i < count; i++)
        {
            Span<double> row = rows.AsSpan(i * length, length);
            for (int sweep = 0; sweep < 2; sweep++)
            {
                for (int j = 0; j < i; j++)
                {
                    ReadOnlySpan<double> other = rows.AsSpan(j * length, length);
                    double along = Dot(row, other);
                    for (int k = 0; k < length; k++)
                    {
                        row[k] -= along * other[k];
                    }
                }
            }

            double norm = Math.Sqrt(Dot(row, row));
            for (int k = 0; k < length; k++)
            {
                row[k] /= norm;
            }
        }

        if (shape[0] > shape[1])
        {
            double[] columns = new double[rows.Length];
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j < length; j++)
                {
                    columns[(j * count) + i] = rows[(i * length) + j];
                }
            }

            rows = columns;
        }

        return Tensor.From(rows, shape, dtype);
    }

    // Not TensorPrimitives.Dot: its order of summation, and so its last bit, depends on where the collector put the array.
    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static double[] Gaussian(Rng rng, int count)
    {
        double[] values = new double[count];
        rng.FillNormal(values);
        return values;
    }
}
