using Quincunx.Inference.Flows;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Posteriors;
using Quincunx.Inference.Training;
using Quincunx.Numerics.LinearAlgebra;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Nle;

/// <summary>The density of data at one parameter, from mock data: a Gaussian of their mean and covariance, and a flow on top where held-out data say that it is better.</summary>
/// <remarks>
/// A flow-based likelihood in the sense of Diaz Rivero and Dvorkin 2020 (arXiv:2007.05535). A tenth of the rows decides between the two: the flow is taken if its mean log-density on them exceeds the Gaussian's by two standard errors. So data that are
/// Gaussian keep the sampling error of a fitted Gaussian.
/// </remarks>
public sealed class FlowLikelihood : IModule
{
    private const int DecidingPart = 10;
    private const double StandardErrors = 2;

    /// <summary>What <see cref="Train"/> does where it is not told.</summary>
    public static TrainingOptions DefaultTraining { get; } = NeuralLikelihoodEstimation.DefaultTraining with { LearningRate = 1e-3, WeightDecay = 0.01 };

    private readonly Parameter _mean, _factor, _usesFlow;
    private readonly Flow _flow;
    private readonly RecordedPairs _pairs;

    /// <summary>The standard normal, to import a state into.</summary>
    public FlowLikelihood(int dimension, NeuralLikelihoodOptions options)
        : this(dimension, options, new Rng(0))
    {
    }

    private FlowLikelihood(int dimension, NeuralLikelihoodOptions options, Rng rng)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentNullException.ThrowIfNull(options);
        (_mean, _factor, _usesFlow) = (Keep(new double[dimension]), Keep(new double[dimension * dimension]), Keep([0]));
        for (int j = 0; j < dimension; j++)
        {
            _factor.Value.Writable<double>()[(j * dimension) + j] = 1;
        }

        _flow = NeuralLikelihood.CreateFlow(dimension, 0, options.Checked(), rng);
        _pairs = new RecordedPairs([dimension], inputs => _flow.LogProb(inputs[0]), differentiated: 0);
    }

    public int Dimension => _mean.Count;

    /// <summary>Whether the density is the fitted Gaussian: nothing in the held-out data spoke against it.</summary>
    public bool IsGaussian => _usesFlow.Value.AsSpan<double>()[0] == 0;

    /// <summary>How the flow's training went; null for an imported one.</summary>
    public TrainingResult? Training { get; private set; }

    /// <param name="rows">Mock data, shape <c>[n, dimension]</c>, finite, at least 20 rows and more than twice the dimension.</param>
    /// <param name="rng">Decides weights, split and batches; not advanced. Which rows decide is decided by their order: the last tenth.</param>
    /// <exception cref="ArgumentException">Too few rows, a value that is not finite, or a covariance that is singular.</exception>
    public static FlowLikelihood Train(
        ReadOnlySpan<double> rows, int dimension, Rng rng, NeuralLikelihoodOptions? options = null, TrainingOptions? training = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        int n = rows.Length / dimension;
        if (rows.Length != n * dimension || n < Math.Max(2 * DecidingPart, (2 * dimension) + 1))
        {
            throw new ArgumentException($"Expected at least {Math.Max(2 * DecidingPart, (2 * dimension) + 1)} rows of {dimension} values, got {rows.Length} values.", nameof(rows));
        }

        var likelihood = new FlowLikelihood(dimension, options ?? new NeuralLikelihoodOptions(), rng.Split("weights"));
        likelihood.Fit(rows);
        double[] white = likelihood.Whitened(rows);
        int deciding = n / DecidingPart, kept = (n - deciding) * dimension;
        likelihood.Training = Trainer.Run(new FlowTask(likelihood, white[..kept]), training ?? DefaultTraining, rng.Split("training"), cancel: cancel);

        double[] flow = new double[deciding], gain = new double[deciding];
        likelihood.FlowLogs(white[kept..], flow);
        for (int i = 0; i < deciding; i++)
        {
            gain[i] = flow[i] - Normal(white.AsSpan(kept + (i * dimension), dimension));
        }

        double mean = gain.Average(), error = Math.Sqrt(gain.Sum(g => (g - mean) * (g - mean)) / (deciding - 1) / deciding);
        likelihood._usesFlow.Assign([mean > StandardErrors * error ? 1.0 : 0.0]);
        return likelihood;
    }

    /// <param name="rows">Shape <c>[n, Dimension]</c>.</param>
    /// <param name="logProbs">Shape <c>[n]</c>, overwritten.</param>
    /// <exception cref="ArgumentException">Lengths do not fit.</exception>
    public void LogProb(ReadOnlySpan<double> rows, Span<double> logProbs)
    {
        if (rows.Length != logProbs.Length * Dimension)
        {
            throw new ArgumentException($"Expected {logProbs.Length} rows of {Dimension} values, got {rows.Length} values.", nameof(rows));
        }

        double[] white = Whitened(rows);
        ReadOnlySpan<double> factor = _factor.Value.AsSpan<double>();
        double logDet = 0;
        for (int j = 0; j < Dimension; j++)
        {
            logDet += Math.Log(factor[(j * Dimension) + j]);
        }

        if (!IsGaussian)
        {
            FlowLogs(white, logProbs);
        }

        for (int i = 0; i < logProbs.Length; i++)
        {
            logProbs[i] = (IsGaussian ? Normal(white.AsSpan(i * Dimension, Dimension)) : logProbs[i]) - logDet;
        }
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("mean", _mean);
        tree.Add("factor", _factor);
        tree.Add("uses-flow", _usesFlow);
        tree.Add("flow", _flow);
    }

    private static Parameter Keep(double[] values) => new(Tensor.From(values, new Shape(values.Length)), isTrained: false);

    private static double Normal(ReadOnlySpan<double> white)
    {
        double sum = 0;
        foreach (double y in white)
        {
            sum += SpecialFunctions.NormalLogPdf(y);
        }

        return sum;
    }

    private void Fit(ReadOnlySpan<double> rows)
    {
        int d = Dimension, n = rows.Length / d;
        double[] mean = [.. Standardise.Fit(rows, d).Mean], covariance = new double[d * d], factor = new double[d * d];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < d; j++)
            {
                for (int k = 0; k <= j; k++)
                {
                    covariance[(j * d) + k] += (rows[(i * d) + j] - mean[j]) * (rows[(i * d) + k] - mean[k]) / n;
                }
            }
        }

        if (CholeskyFactor.Compute(covariance, d, factor, tolerance: 1e-12) is not null)
        {
            throw new ArgumentException("Features depend on each other linearly, or one is constant: leave some out.", nameof(rows));
        }

        _mean.Assign(mean);
        _factor.Assign(factor);
    }

    private double[] Whitened(ReadOnlySpan<double> rows)
    {
        double[] white = new double[rows.Length];
        for (int i = 0; i < rows.Length; i += Dimension)
        {
            CholeskyFactor.Solve(_factor.Value.AsSpan<double>(), rows.Slice(i, Dimension), _mean.Value.AsSpan<double>(), white.AsSpan(i, Dimension));
        }

        return white;
    }

    private void FlowLogs(double[] white, Span<double> logs)
    {
        float[] values = new float[logs.Length];
        _pairs.Run(logs.Length, [[.. white.Select(v => (float)v)]], values, []);
        for (int i = 0; i < logs.Length; i++)
        {
            logs[i] = values[i];
        }
    }

    private sealed class FlowTask(FlowLikelihood likelihood, double[] white) : TrainingTask
    {
        public override IModule Module => likelihood;

        public override int Count => white.Length / likelihood.Dimension;

        public override Tensor Loss(ReadOnlySpan<int> rows, Mode mode, Rng rng)
        {
            Tensor x = Tensor.Zeros(new Shape(rows.Length, likelihood.Dimension));
            Copy(rows, x);
            return -likelihood._flow.LogProb(x).Sum();
        }

        public override BatchLoss Batch(int rows) => new FlowBatch(this, likelihood, rows);

        public void Copy(ReadOnlySpan<int> rows, Tensor into)
        {
            int d = likelihood.Dimension;
            Span<float> x = into.Writable<float>();
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = (float)white[(rows[i / d] * d) + (i % d)];
            }
        }
    }

    private sealed class FlowBatch(FlowTask task, FlowLikelihood likelihood, int rows) : BatchLoss
    {
        private readonly Parameter _x = new(Tensor.Zeros(new Shape(rows, likelihood.Dimension)), isTrained: false);

        public override void Fill(ReadOnlySpan<int> rows, Rng rng) => task.Copy(rows, _x.Value);

        public override Tensor Loss() => -likelihood._flow.LogProb(_x.Value).Sum();
    }
}
