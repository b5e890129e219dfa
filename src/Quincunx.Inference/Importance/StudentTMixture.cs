using Quincunx.Numerics.Random;
using Quincunx.Numerics.Special;

namespace Quincunx.Inference.Importance;

/// <summary>A mixture of multivariate Student-t distributions: heavy tails make it a safe proposal for importance sampling.</summary>
public sealed class StudentTMixture
{
    private readonly StudentTComponent[] _components;

    private StudentTMixture(StudentTComponent[] components) => _components = components;

    /// <summary>Length of a point, d.</summary>
    public int Dimension => _components[0].Mean.Length;

    public IReadOnlyList<StudentTComponent> Components => _components;

    /// <param name="components">At least one, all of one dimension; their weights are normalised to sum 1.</param>
    public static StudentTMixture Of(IReadOnlyList<StudentTComponent> components)
    {
        ArgumentNullException.ThrowIfNull(components);
        if (components.Count == 0)
        {
            throw new ArgumentException("Expected at least one component, got none.", nameof(components));
        }

        int d = components[0].Mean.Length;
        double total = components.Sum(c => c.Weight);
        if (components.FirstOrDefault(c => c.Mean.Length != d) is { } other)
        {
            throw new ArgumentException($"Expected components of dimension {d}, got {other.Mean.Length}.", nameof(components));
        }

        return new StudentTMixture([.. components.Select(c => c.WithWeight(c.Weight / total))]);
    }

    /// <summary>The mixture with a further, wide component that holds a share of the weight, so that no region of it is proposed never.</summary>
    /// <param name="share">Weight of the added component, in [0, 1); at 0 the mixture itself.</param>
    /// <param name="widening">Factor on the standard deviations of the whole mixture.</param>
    /// <param name="degreesOfFreedom">Of the added component, positive.</param>
    public StudentTMixture WithDefence(double share, double widening, double degreesOfFreedom)
    {
        if (share is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "Expected a share in [0, 1).");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(widening);
        if (share == 0)
        {
            return this;
        }

        // Mean and scale of the mixture, with scale matrices in the place of covariances (which need not exist).
        int d = Dimension;
        double[] mean = new double[d], scale = new double[d * d];
        foreach (StudentTComponent c in _components)
        {
            for (int i = 0; i < d; i++)
            {
                mean[i] += c.Weight * c.Mean[i];
            }
        }

        foreach (StudentTComponent c in _components)
        {
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    double sum = (c.Mean[i] - mean[i]) * (c.Mean[j] - mean[j]);
                    for (int l = 0; l <= j; l++)
                    {
                        sum += c.Factor[(i * d) + l] * c.Factor[(j * d) + l];
                    }

                    scale[(i * d) + j] += widening * widening * c.Weight * sum;
                }
            }
        }

        var wide = StudentTComponent.FromScale(share, mean, scale, degreesOfFreedom);
        return new StudentTMixture([.. _components.Select(c => c.WithWeight(c.Weight * (1 - share))), wide]);
    }

    /// <param name="z">Shape <c>[d]</c>. NaN gives NaN.</param>
    public double LogProb(ReadOnlySpan<double> z)
    {
        if (z.Length != Dimension)
        {
            throw new ArgumentException($"Expected {Dimension} values, got {z.Length}.", nameof(z));
        }

        Span<double> terms = _components.Length <= 64 ? stackalloc double[_components.Length] : new double[_components.Length];
        for (int c = 0; c < terms.Length; c++)
        {
            terms[c] = Math.Log(_components[c].Weight) + _components[c].LogProb(_components[c].SquaredDistance(z));
        }

        return SpecialFunctions.LogSumExp(terms);
    }

    /// <summary>Draws one point.</summary>
    /// <param name="z">Shape <c>[d]</c>, overwritten.</param>
    public void Sample(Span<double> z, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        double u = rng.NextDouble();
        int chosen = 0;
        while (chosen < _components.Length - 1 && u >= _components[chosen].Weight)
        {
            u -= _components[chosen++].Weight;
        }

        StudentTComponent component = _components[chosen];
        rng.NextMultivariateNormal(component.Mean, component.Factor, z);

        // A normal over the root of a mean-one chi-square; gamma of shape ν/2 is half a chi-square.
        double half = component.DegreesOfFreedom / 2, stretch = Math.Sqrt(half / rng.NextGamma(half));
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = component.Mean[i] + (stretch * (z[i] - component.Mean[i]));
        }
    }
}
