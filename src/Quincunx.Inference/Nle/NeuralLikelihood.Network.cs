using Quincunx.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Quincunx.Inference.Nle;

/// <content>From numbers to the inputs of the networks and back.</content>
public sealed partial class NeuralLikelihood
{
    /// <summary>Columns of the inputs: parameters, continuous features, categories as networks see them, indicators of categories. Those that there are none of are left out.</summary>
    internal int[] InputWidths => [.. new[] { Dimension, _layout.Continuous.Length, _layout.Categories.Length, _categories?.Indicators ?? 0 }.Where(w => w > 0)];

    /// <summary>log p of scaled continuous features and categories given scaled parameters: what training maximises.</summary>
    /// <param name="inputs">Float32, each <c>[n, width]</c> with the widths of <see cref="InputWidths"/>.</param>
    /// <returns>Shape <c>[n]</c>.</returns>
    internal Tensor LogProbScaled(IReadOnlyList<Tensor> inputs)
    {
        Tensor theta = inputs[0];
        int at = _flow is null ? 1 : 2;
        Tensor? log = _categories?.LogProb(inputs[at], inputs[at + 1], theta);
        if (_flow is null)
        {
            return log!;
        }

        Tensor context = _categories is null ? theta : Tensor.Concat([theta, inputs[at]], axis: 1), density = _flow.LogProb(inputs[1], context);
        return log is null ? density : log + density;
    }

    /// <summary>Standardised coordinates of parameters.</summary>
    internal void ScaleTheta(ReadOnlySpan<double> thetas, Span<double> scaled)
    {
        _bijection.ToUnconstrained(thetas, scaled);
        _thetaScale.Apply(scaled, scaled);
    }

    /// <summary>Rows of scaled continuous features and categories from 0, one after the other: as many numbers as features.</summary>
    internal void ScaleX(ReadOnlySpan<double> xs, Span<double> scaled)
    {
        int k = Features, c = _layout.Continuous.Length;
        double[] values = _layout.ContinuousOf(xs);
        _xScale?.Apply(values, values);
        for (int i = 0; i < xs.Length / k; i++)
        {
            values.AsSpan(i * c, c).CopyTo(scaled.Slice(i * k, c));
            _layout.TryCategories(xs.Slice(i * k, k), scaled.Slice((i * k) + c, k - c));
        }
    }

    /// <summary>The inputs after the parameters from rows of <see cref="ScaleX"/>.</summary>
    /// <param name="rows">Shape <c>[n, k]</c>.</param>
    /// <param name="inputs">Of each, shape <c>[n, width]</c>; overwritten.</param>
    internal void SplitX(ReadOnlySpan<float> rows, IReadOnlyList<Memory<float>> inputs)
    {
        int k = Features, c = _layout.Continuous.Length, categories = k - c, n = rows.Length / k;
        for (int i = 0; i < n && c > 0; i++)
        {
            rows.Slice(i * k, c).CopyTo(inputs[0].Span[(i * c)..]);
        }

        if (_categories is null)
        {
            return;
        }

        int at = c > 0 ? 1 : 0;
        Span<float> seen = inputs[at].Span, indicators = inputs[at + 1].Span;
        indicators.Clear();
        for (int i = 0; i < n * categories; i++)
        {
            float category = rows[(i / categories * k) + c + (i % categories)];
            seen[i] = _categories.Seen(i % categories, category);
            indicators[(i * _categories.Levels) + (int)category] = 1;
        }
    }

    /// <summary>Fills the inputs of a batch, all but the first, from rows of <see cref="ScaleX"/>.</summary>
    /// <param name="rows">Float32, shape <c>[n, k]</c>.</param>
    /// <param name="inputs">As <see cref="LogProbScaled"/> takes them.</param>
    internal void SplitX(Tensor rows, IReadOnlyList<Tensor> inputs)
    {
        float[][] parts = [.. inputs.Skip(1).Select(input => new float[input.Count])];
        SplitX(rows.Elements<float>(), [.. parts.Select(part => part.AsMemory())]);
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i].CopyTo(inputs[i + 1].Writable<float>());
        }
    }

    // One observation for all rows, or one a row.
    private void Evaluate(ReadOnlySpan<double> thetas, ReadOnlySpan<double> xs, Span<double> logs, Span<double> gradients)
    {
        int n = logs.Length, d = Dimension, k = Features, observations = xs.Length / k;
        if (thetas.Length != n * d || xs.Length != observations * k || (observations != n && observations != 1))
        {
            throw new ArgumentException($"Expected {n} rows of {d} parameters and one observation of {k} numbers or {n}, got {thetas.Length} and {xs.Length} numbers.", nameof(thetas));
        }

        if (n == 0)
        {
            return;
        }

        double[] scaledTheta = new double[thetas.Length], scaledX = new double[xs.Length], constants = new double[observations];
        ScaleTheta(thetas, scaledTheta);
        ScaleX(xs, scaledX);
        Constants(xs, constants);
        int[] widths = InputWidths;
        float[][] inputs = [.. widths.Select(w => new float[n * w])];
        TensorPrimitives.ConvertTruncating<double, float>(scaledTheta, inputs[0]);
        float[] rows = new float[xs.Length];
        TensorPrimitives.ConvertTruncating<double, float>(scaledX, rows);
        SplitX(rows, [.. inputs.Skip(1).Select(input => input.AsMemory())]);
        for (int i = 1; i < inputs.Length && observations == 1; i++)
        {
            for (int row = 1; row < n; row++)
            {
                inputs[i].AsSpan(0, widths[i]).CopyTo(inputs[i].AsSpan(row * widths[i]));
            }
        }

        float[] values = new float[n], slopes = new float[gradients.Length];
        _pairs.Run(n, inputs, values, slopes);
        for (int i = 0; i < n; i++)
        {
            logs[i] = constants[observations == 1 ? 0 : i] + values[i];
        }

        Span<double> z = stackalloc double[d];
        for (int i = 0; i < n && gradients.Length > 0; i++)
        {
            _bijection.ToUnconstrained(thetas.Slice(i * d, d), z);
            for (int j = 0; j < d; j++)
            {
                gradients[(i * d) + j] = slopes[(i * d) + j] / _thetaScale.Scale[j] * _bijection.SlopeToUnconstrained(j, z[j]);
            }
        }
    }

    // What does not depend on the parameters: volumes, and what is impossible.
    private void Constants(ReadOnlySpan<double> xs, double[] constants)
    {
        int k = Features, c = _layout.Continuous.Length;
        double[] values = _layout.ContinuousOf(xs), categories = new double[k - c];
        for (int i = 0; i < constants.Length; i++)
        {
            bool isPossible = _layout.TryCategories(xs.Slice(i * k, k), categories);
            constants[i] = !isPossible ? double.NegativeInfinity : _xScale is null ? 0 : _xScale.LogAbsDet(values.AsSpan(i * c, c));
        }
    }
}
