using Quincunx.Numerics.LinearAlgebra;

namespace Quincunx.Inference.Adversarial;

/// <summary>Mean of proposals over a window of steps.</summary>
internal sealed class ProposalAverage(int dimension)
{
    private readonly double[] _mean = new double[dimension], _squares = new double[dimension], _covariance = new double[dimension * dimension];

    public int Count { get; private set; }

    public void Add(GaussianProposal proposal)
    {
        Count++;
        for (int i = 0; i < dimension; i++)
        {
            double before = proposal.Mean[i] - _mean[i];
            _mean[i] += before / Count;
            _squares[i] += before * (proposal.Mean[i] - _mean[i]);
        }

        double[] covariance = proposal.Covariance();
        for (int i = 0; i < covariance.Length; i++)
        {
            _covariance[i] += (covariance[i] - _covariance[i]) / Count;
        }
    }

    /// <summary>Standard deviations of the means.</summary>
    public double[] Wander() => [.. _squares.Select(s => Count == 0 ? 0 : Math.Sqrt(s / Count))];

    /// <summary>The average, of the kind of a proposal; that itself where nothing was averaged, or where rounding spoilt the average.</summary>
    public GaussianProposal Of(GaussianProposal proposal)
    {
        double[] factor = new double[dimension * dimension];
        return Count == 0 || CholeskyFactor.Compute(_covariance, dimension, factor) is not null ? proposal.Copy() : proposal.With(_mean, factor);
    }

    /// <summary>Whether means agree to some deviations, and logarithms of deviations to a number.</summary>
    public bool Agrees(ProposalAverage earlier, double ofMeans, double ofSpreads)
    {
        for (int i = 0; i < dimension; i++)
        {
            double deviation = Math.Sqrt(_covariance[(i * dimension) + i]), before = Math.Sqrt(earlier._covariance[(i * dimension) + i]);
            if (!(Math.Abs(_mean[i] - earlier._mean[i]) < ofMeans * deviation) || !(Math.Abs(Math.Log(deviation / before)) < ofSpreads))
            {
                return false;
            }
        }

        return true;
    }
}
