using Quincunx.Numerics.LinearAlgebra;

namespace Quincunx.Inference.Abc;

/// <summary>A linear map of rows with an intercept, by weighted least squares.</summary>
/// <remarks>Columns are centred and scaled first. A ridge of 1e-9 of the correlation matrix makes collinear columns share a slope; it changes the slopes of others in the ninth digit.</remarks>
internal sealed class WeightedLeastSquares
{
    private const double Ridge = 1e-9, LargestRidge = 10;
    private readonly double[] _slopes, _intercept;
    private readonly int _inputs;

    /// <param name="slopes">Shape <c>[outputs, inputs]</c>.</param>
    public WeightedLeastSquares(int inputs, double[] slopes, double[] intercept) => (_inputs, _slopes, _intercept) = (inputs, slopes, intercept);

    public double[] Slopes => _slopes;

    public double[] Intercept => _intercept;

    public int Outputs => _intercept.Length;

    /// <param name="x">Shape <c>[n, inputs]</c>.</param>
    /// <param name="y">Shape <c>[n, outputs]</c>.</param>
    /// <param name="weights">Shape <c>[n]</c>, with a positive sum.</param>
    public static WeightedLeastSquares Fit(ReadOnlySpan<double> x, int inputs, ReadOnlySpan<double> y, int outputs, ReadOnlySpan<double> weights)
    {
        (double[] centreX, double[] scaleX) = Moments(x, inputs, weights);
        (double[] centreY, _) = Moments(y, outputs, weights);
        double[] normal = new double[inputs * inputs], right = new double[inputs * outputs], row = new double[inputs];
        double total = 0;
        foreach (double weight in weights)
        {
            total += weight;
        }

        for (int i = 0; i < weights.Length; i++)
        {
            double weight = weights[i] / total;
            for (int j = 0; j < inputs; j++)
            {
                row[j] = (x[(i * inputs) + j] - centreX[j]) / scaleX[j];
                for (int k = 0; k <= j; k++)
                {
                    normal[(j * inputs) + k] += weight * row[j] * row[k];
                }

                for (int o = 0; o < outputs; o++)
                {
                    right[(o * inputs) + j] += weight * row[j] * (y[(i * outputs) + o] - centreY[o]);
                }
            }
        }

        double[] factor = new double[inputs * inputs], slopes = new double[inputs * outputs], intercept = new double[outputs];
        double ridge = Ridge;
        do
        {
            for (int j = 0; j < inputs; j++)
            {
                normal[(j * inputs) + j] += ridge;
            }

            ridge *= 10;
        }
        while (CholeskyFactor.Compute(normal, inputs, factor) is not null && ridge < LargestRidge);
        for (int o = 0; o < outputs; o++)
        {
            Span<double> solved = right.AsSpan(o * inputs, inputs);
            CholeskyFactor.SolveBoth(factor, solved);
            intercept[o] = centreY[o];
            for (int j = 0; j < inputs; j++)
            {
                slopes[(o * inputs) + j] = solved[j] / scaleX[j];
                intercept[o] -= slopes[(o * inputs) + j] * centreX[j];
            }
        }

        return new WeightedLeastSquares(inputs, slopes, intercept);
    }

    /// <param name="x">Shape <c>[n, inputs]</c>.</param>
    /// <param name="y">Shape <c>[n, outputs]</c>; overwritten.</param>
    public void Apply(ReadOnlySpan<double> x, Span<double> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            (int row, int o) = Math.DivRem(i, Outputs);
            double value = _intercept[o];
            for (int j = 0; j < _inputs; j++)
            {
                value += _slopes[(o * _inputs) + j] * x[(row * _inputs) + j];
            }

            y[i] = value;
        }
    }

    /// <summary>The same map with each output divided by a unit.</summary>
    public WeightedLeastSquares InUnitsOf(double[] units) =>
        new(_inputs, [.. _slopes.Select((slope, i) => slope / units[i / _inputs])], [.. _intercept.Select((value, o) => value / units[o])]);

    /// <summary>Weighted means, and deviations (1 where a column does not vary).</summary>
    public static (double[] Mean, double[] Deviation) Moments(ReadOnlySpan<double> rows, int columns, ReadOnlySpan<double> weights)
    {
        double[] mean = new double[columns], deviation = new double[columns];
        double total = 0;
        foreach (double weight in weights)
        {
            total += weight;
        }

        for (int i = 0; i < rows.Length; i++)
        {
            mean[i % columns] += weights[i / columns] / total * rows[i];
        }

        for (int i = 0; i < rows.Length; i++)
        {
            double difference = rows[i] - mean[i % columns];
            deviation[i % columns] += weights[i / columns] / total * difference * difference;
        }

        for (int j = 0; j < columns; j++)
        {
            deviation[j] = Math.Sqrt(deviation[j]);
            deviation[j] = deviation[j] > 1e-13 * Math.Abs(mean[j]) && double.IsNormal(deviation[j]) ? deviation[j] : 1;
        }

        return (mean, deviation);
    }
}
