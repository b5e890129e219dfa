using Quincunx.Inference.Distributions;
using Quincunx.Inference.Networks;
using Quincunx.Numerics.LinearAlgebra;
using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Inference.Adversarial;

/// <summary>The proposal q(theta | psi): normal in unconstrained coordinates z of its supports (<see cref="SupportBijection"/>). psi is the mean and the covariance of z.</summary>
/// <remarks>
/// <see cref="Sample"/> and <see cref="LogProb"/> are of theta, with the Jacobian; everything else is of z, whose units are those of theta only where the support is the real line.
/// Saved by <see cref="ModuleState"/>; supports and shape are the constructor's. An optimisation works on a copy.
/// </remarks>
public sealed class GaussianProposal : IDistribution, IModule
{
    private readonly SupportBijection _bijection;
    private readonly Parameter _mean, _factor;      // [d]; [d, d], lower: the covariance is L Lᵀ

    /// <param name="mean">Of z, shape <c>[d]</c>, finite.</param>
    /// <param name="deviations">Standard deviations of z, shape <c>[d]</c>, positive; coordinates are independent at first.</param>
    /// <exception cref="ArgumentException">A length does not fit, or a number is out of its range.</exception>
    public GaussianProposal(SupportBijection bijection, ProposalShape shape, ReadOnlySpan<double> mean, ReadOnlySpan<double> deviations)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        int d = bijection.Dimension;
        if (d == 0 || mean.Length != d || deviations.Length != d)
        {
            throw new ArgumentException($"Expected a mean and deviations of {d} coordinates, at least 1, got {mean.Length} and {deviations.Length} numbers.", nameof(mean));
        }

        if (!Enum.IsDefined(shape))
        {
            throw new ArgumentOutOfRangeException(nameof(shape), shape, "Expected one of the shapes.");
        }

        double[] factor = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            if (!double.IsFinite(mean[i]) || !(deviations[i] > 0) || !double.IsFinite(deviations[i]))
            {
                throw new ArgumentException($"Expected a finite mean and a positive deviation, got {mean[i]} and {deviations[i]} of coordinate {i}.", nameof(mean));
            }

            factor[(i * d) + i] = deviations[i];
        }

        (_bijection, Shape) = (bijection, shape);
        _mean = new Parameter(Tensor.From(mean, new Shape(d)), isTrained: false);
        _factor = new Parameter(Tensor.From(factor, new Shape(d, d)), isTrained: false);
    }

    /// <summary>One with the means and deviations that draws of a prior have in unconstrained coordinates: where the optimisation usually begins.</summary>
    /// <param name="prior">Of continuous coordinates.</param>
    /// <param name="draws">At least 2.</param>
    /// <exception cref="ArgumentException">A coordinate is discrete or does not vary.</exception>
    public static GaussianProposal Around(IDistribution prior, ProposalShape shape, Rng rng, int draws = 1000)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        var bijection = new SupportBijection(prior);
        int d = prior.Dimension;
        double[] z = new double[draws * d];
        for (int i = 0; i < draws; i++)
        {
            prior.Sample(z.AsSpan(i * d, d), rng.Split(i));
        }

        bijection.ToUnconstrained(z, z);
        var moments = Standardise.Fit(z, d);
        return moments.ConstantFeatures.Count == 0
            ? new GaussianProposal(bijection, shape, moments.Mean, moments.Scale)
            : throw new ArgumentException($"Expected a prior that varies, got one whose coordinate {moments.ConstantFeatures[0]} does not.", nameof(prior));
    }

    /// <inheritdoc/>
    public int Dimension => _bijection.Dimension;

    /// <inheritdoc/>
    public IReadOnlyList<Support> Supports => _bijection.Supports;

    public ProposalShape Shape { get; }

    /// <summary>Mean of z, shape <c>[d]</c>.</summary>
    public ReadOnlySpan<double> Mean => _mean.Value.AsSpan<double>();

    /// <summary>The lower factor L of the covariance L Lᵀ of z, shape <c>[d, d]</c>, row-major.</summary>
    public ReadOnlySpan<double> Factor => _factor.Value.AsSpan<double>();

    /// <summary>Entropy of z in nats: d/2 log(2πe) + Σ log Lᵢᵢ.</summary>
    public double Entropy
    {
        get
        {
            double sum = 0.5 * Dimension * Math.Log(Math.Tau * Math.E);
            for (int i = 0; i < Dimension; i++)
            {
                sum += Math.Log(Factor[(i * Dimension) + i]);
            }

            return sum;
        }
    }

    /// <summary>The point estimate: theta at the mean of z, the median of each coordinate. Shape <c>[d]</c>.</summary>
    public double[] Point() => At(Mean);

    /// <summary>Covariance of z, shape <c>[d, d]</c>, row-major.</summary>
    public double[] Covariance()
    {
        int d = Dimension;
        double[] covariance = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++)
            {
                for (int k = 0; k <= Math.Min(i, j); k++)
                {
                    covariance[(i * d) + j] += Factor[(i * d) + k] * Factor[(j * d) + k];
                }
            }
        }

        return covariance;
    }

    /// <summary>Standard deviations of z, shape <c>[d]</c>.</summary>
    public double[] Deviations()
    {
        double[] covariance = Covariance();
        return [.. Enumerable.Range(0, Dimension).Select(i => Math.Sqrt(covariance[(i * Dimension) + i]))];
    }

    /// <summary>The values of one coordinate of theta that lie some deviations of z below and above the median.</summary>
    public (double Lower, double Upper) Interval(int coordinate, double deviations)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(coordinate);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(coordinate, Dimension);
        double[] low = Mean.ToArray(), high = Mean.ToArray();
        double width = deviations * Deviations()[coordinate];
        low[coordinate] -= width;
        high[coordinate] += width;
        return (At(low)[coordinate], At(high)[coordinate]);
    }

    /// <summary>How many deviations each coordinate of theta lies from the mean, in z and coordinate by coordinate. Shape <c>[d]</c>.</summary>
    /// <exception cref="ArgumentException">theta has another length or lies outside the supports.</exception>
    public double[] DeviationsTo(ReadOnlySpan<double> theta)
    {
        double[] z = Unconstrained(theta), deviations = Deviations();
        return [.. z.Select((value, i) => (value - _mean.Value.AsSpan<double>()[i]) / deviations[i])];
    }

    /// <summary>The Mahalanobis distance of theta from the mean, in z.</summary>
    /// <exception cref="ArgumentException">theta has another length or lies outside the supports.</exception>
    public double Distance(ReadOnlySpan<double> theta)
    {
        double[] noise = new double[Dimension];
        return Math.Sqrt(CholeskyFactor.Solve(Factor, Unconstrained(theta), Mean, noise));
    }

    /// <inheritdoc/>
    public double LogProb(ReadOnlySpan<double> x)
    {
        Require.Length(x.Length, Dimension, nameof(x));
        for (int i = 0; i < x.Length; i++)
        {
            if (!Supports[i].Contains(x[i]))
            {
                return double.IsNaN(x[i]) ? double.NaN : double.NegativeInfinity;
            }
        }

        double[] z = Unconstrained(x), noise = new double[Dimension];
        double square = CholeskyFactor.Solve(Factor, z, Mean, noise);
        return (0.5 * (Dimension - square)) - Entropy - _bijection.LogAbsDetToConstrained(z);
    }

    /// <inheritdoc/>
    public void Sample(Span<double> x, Rng rng)
    {
        Require.Length(x.Length, Dimension, nameof(x));
        ArgumentNullException.ThrowIfNull(rng);
        double[] noise = new double[Dimension];
        rng.FillNormal(noise);
        Draw(noise, x);
    }

    /// <inheritdoc/>
    public void Describe(ParameterTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        tree.Add("mean", _mean);
        tree.Add("factor", _factor);
    }

    internal GaussianProposal Copy() => With(Mean, Factor);

    /// <summary>One of the same supports and shape.</summary>
    /// <param name="factor">Lower, shape <c>[d, d]</c>.</param>
    internal GaussianProposal With(ReadOnlySpan<double> mean, ReadOnlySpan<double> factor)
    {
        var other = new GaussianProposal(_bijection, Shape, Mean, Enumerable.Repeat(1.0, Dimension).ToArray());
        other._mean.Assign(mean);
        other._factor.Assign(factor);
        return other;
    }

    /// <summary>theta = theta(z) at z = m + L ε.</summary>
    /// <param name="noise">ε, shape <c>[d]</c> or <c>[n, d]</c>.</param>
    /// <param name="theta">The same shape.</param>
    internal void Draw(ReadOnlySpan<double> noise, Span<double> theta)
    {
        int d = Dimension;
        for (int row = 0; row < noise.Length; row += d)
        {
            Place(noise.Slice(row, d), theta.Slice(row, d));
        }

        _bijection.ToConstrained(theta, theta);
    }

    /// <summary>The gradient of E[log |dtheta / dz|], what the entropy of theta has over that of z, in the proposal's own coordinates (<see cref="ProposalGradient"/>): the mean over draws of the derivative along them.</summary>
    /// <param name="noises">ε, shape <c>[n, d]</c>.</param>
    /// <param name="gradient">Packed; overwritten.</param>
    internal void SlopeGradient(ReadOnlySpan<double> noises, Span<double> gradient)
    {
        int d = Dimension, n = noises.Length / d;
        gradient.Clear();
        double[] z = new double[d], slopes = new double[d], local = new double[d];
        for (int row = 0; row < n; row++)
        {
            ReadOnlySpan<double> noise = noises.Slice(row * d, d);
            Place(noise, z);
            slopes.AsSpan().Clear();
            _bijection.PullBack(z, slopes);
            int next = 2 * d;
            for (int i = 0; i < d; i++)
            {
                // dz_k = L_ki δ_i and dz_k = L_ki S_ij ε_j.
                local[i] = 0;
                for (int k = i; k < d; k++)
                {
                    local[i] += slopes[k] * Factor[(k * d) + i] / n;
                }

                gradient[i] += local[i];
                gradient[d + i] += local[i] * noise[i];
                for (int j = 0; j < i && Shape == ProposalShape.Full; j++)
                {
                    gradient[next++] += local[i] * noise[j];
                }
            }
        }
    }

    /// <summary>Moves psi by a step in coordinates of its own (<see cref="ProposalGradient"/>): m ← m + L δ, L ← L (diag eˢ + S).</summary>
    internal void Move(ReadOnlySpan<double> step)
    {
        int d = Dimension;
        double[] mean = Mean.ToArray(), factor = Factor.ToArray(), local = new double[d * d];
        ProposalGradient.Unpack(step[d..], local, d, Shape);
        for (int i = 0; i < d; i++)
        {
            local[(i * d) + i] = Math.Exp(local[(i * d) + i]);
        }

        for (int i = 0; i < d; i++)
        {
            for (int k = 0; k <= i; k++)
            {
                mean[i] += Factor[(i * d) + k] * step[k];
                double sum = 0;
                for (int j = k; j <= i; j++)
                {
                    sum += Factor[(i * d) + j] * local[(j * d) + k];
                }

                factor[(i * d) + k] = sum;
            }
        }

        _mean.Assign(mean);
        _factor.Assign(factor);
    }

    private void Place(ReadOnlySpan<double> noise, Span<double> z)
    {
        int d = Dimension;
        for (int i = 0; i < d; i++)
        {
            double sum = Mean[i];
            for (int j = 0; j <= i; j++)
            {
                sum += Factor[(i * d) + j] * noise[j];
            }

            z[i] = sum;
        }
    }

    private double[] At(ReadOnlySpan<double> z)
    {
        double[] theta = new double[Dimension];
        _bijection.ToConstrained(z, theta);
        return theta;
    }

    private double[] Unconstrained(ReadOnlySpan<double> theta)
    {
        Require.Length(theta.Length, Dimension, nameof(theta));
        double[] z = new double[Dimension];
        _bijection.ToUnconstrained(theta, z);
        return z;
    }
}
