using Quincunx.Inference.Networks;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.MixtureDensity;

/// <summary>Weights, means and precisions of normal components as functions of an observation (Bishop 1994, Aston University NCRG/94/004).</summary>
/// <remarks>
/// A component has log-density Σᵢ aᵢᵢ - |r|² / 2 - d/2 log 2π with rᵢ = exp(aᵢᵢ) (zᵢ - mᵢ) + Σⱼ﹤ᵢ Aᵢⱼ (zⱼ - mⱼ): any lower triangular A with a positive diagonal, so any covariance A⁻¹ A⁻ᵀ, without constraints on
/// what the network gives. Outputs are rows of a column: the weights' logits, means by element, logs of the diagonal by element, and rows of A below the diagonal; each of them for all components.
/// </remarks>
internal sealed class MixtureNetwork : IModule
{
    private readonly ResidualMlp _body;
    private readonly Parameter _offset;

    public MixtureNetwork(int dimension, int features, MixtureDensityOptions options, Rng rng, DType dtype = DType.Float32)
    {
        MixtureDensityOptions o = options.Checked();
        (Dimension, Components) = (dimension, o.Components);
        int outputs = Components * (1 + (2 * dimension) + (dimension * (dimension - 1) / 2));
        _body = new ResidualMlp(
            features, outputs, new ResidualMlpOptions { Width = o.Width, Blocks = o.Blocks, Activation = o.Activation, Output = Initialiser.Zeros, DType = dtype }, rng.Split("body"));

        // Components that start alike stay alike, so their means start at draws of the standard normal that scaled parameters resemble; a single one starts at the centre.
        double[] offset = new double[outputs];
        if (Components > 1)
        {
            rng.Split("means").FillNormal(offset.AsSpan(Components, Components * dimension));
        }

        _offset = new Parameter(Tensor.From(offset, new Shape(outputs, 1), dtype));
    }

    public int Dimension { get; }

    public int Components { get; }

    /// <param name="x">Shape <c>[k, n]</c>.</param>
    /// <returns>Shape <c>[outputs, n]</c>.</returns>
    public Tensor Outputs(Tensor x) => _body.ForwardColumns(x) + _offset.Value;

    /// <summary>log q of columns.</summary>
    /// <param name="z">Shape <c>[d, n]</c>.</param>
    /// <param name="outputs">Of <see cref="Outputs"/>, for as many columns or for one.</param>
    /// <returns>Shape <c>[n]</c>.</returns>
    public Tensor LogProb(Tensor z, Tensor outputs)
    {
        int d = Dimension, c = Components, n = z.Shape[1], m = outputs.Shape[1];
        Tensor logDiagonal = outputs.Slice(0, c * (1 + d), c * d).Reshape(d, c, m);
        Tensor apart = z.Reshape(d, 1, n) - outputs.Slice(0, c, c * d).Reshape(d, c, m), straight = apart * Tensor.Exp(logDiagonal);
        Tensor squares = Tensor.Square(straight.At(0, 0));
        for (int i = 1, from = c * (1 + (2 * d)); i < d; from += c * i, i++)
        {
            squares += Tensor.Square(straight.At(0, i) + (outputs.Slice(0, from, c * i).Reshape(i, c, m) * apart.Slice(0, 0, i)).Sum(axis: 0));
        }

        Tensor logs = Tensor.LogSoftmax(outputs.Slice(0, 0, c), axis: 0) + logDiagonal.Sum(axis: 0) - (squares * 0.5);
        return logs.LogSumExp(axis: 0) - (0.5 * d * Math.Log(2 * Math.PI));
    }

    /// <summary>A draw by one column of outputs.</summary>
    /// <param name="outputs">Float64, <c>[outputs]</c>.</param>
    /// <param name="z">Shape <c>[d]</c>; overwritten.</param>
    public void Draw(ReadOnlySpan<double> outputs, Span<double> z, Rng rng)
    {
        int c = Components, d = Dimension;
        Span<double> weights = stackalloc double[c];
        Weights(outputs, weights);
        int k = rng.NextCategorical(weights);

        // z = m + A⁻¹ ε, from the first row down.
        for (int i = 0, from = c * (1 + (2 * d)); i < d; from += c * i, i++)
        {
            double sum = rng.NextNormal();
            for (int j = 0; j < i; j++)
            {
                sum -= outputs[from + (j * c) + k] * z[j];
            }

            z[i] = sum * Math.Exp(-outputs[(c * (1 + d)) + (i * c) + k]);
        }

        for (int i = 0; i < d; i++)
        {
            z[i] += outputs[c + (i * c) + k];
        }
    }

    /// <summary>Mean and covariance of each component, and its weight, by one column of outputs.</summary>
    public IReadOnlyList<NormalComponent> Read(ReadOnlySpan<double> outputs)
    {
        int c = Components, d = Dimension;
        double[] weights = new double[c];
        Weights(outputs, weights);
        var found = new NormalComponent[c];
        for (int k = 0; k < c; k++)
        {
            // Columns of A⁻¹, then their products.
            double[] mean = new double[d], inverse = new double[d * d], covariance = new double[d * d];
            for (int column = 0; column < d; column++)
            {
                for (int i = column, from = c * ((1 + (2 * d)) + (column * (column - 1) / 2)); i < d; from += c * i, i++)
                {
                    double sum = i == column ? 1 : 0;
                    for (int j = column; j < i; j++)
                    {
                        sum -= outputs[from + (j * c) + k] * inverse[(j * d) + column];
                    }

                    inverse[(i * d) + column] = sum * Math.Exp(-outputs[(c * (1 + d)) + (i * c) + k]);
                }
            }

            for (int i = 0; i < d; i++)
            {
                mean[i] = outputs[c + (i * c) + k];
                for (int j = 0; j < d; j++)
                {
                    for (int m = 0; m <= Math.Min(i, j); m++)
                    {
                        covariance[(i * d) + j] += inverse[(i * d) + m] * inverse[(j * d) + m];
                    }
                }
            }

            found[k] = new NormalComponent(weights[k], mean, covariance);
        }

        return found;
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        tree.Add("body", _body);
        tree.Add("offset", _offset);
    }

    private static void Weights(ReadOnlySpan<double> outputs, Span<double> weights)
    {
        double largest = double.NegativeInfinity, sum = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            largest = Math.Max(largest, outputs[k]);
        }

        for (int k = 0; k < weights.Length; k++)
        {
            weights[k] = Math.Exp(outputs[k] - largest);
            sum += weights[k];
        }

        foreach (ref double weight in weights)
        {
            weight /= sum;
        }
    }
}
