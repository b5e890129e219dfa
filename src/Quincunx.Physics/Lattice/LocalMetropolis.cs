using Quincunx.Numerics.Random;

namespace Quincunx.Physics.Lattice;

/// <summary>A Markov chain over fields that proposes a new value at one site at a time: slow to forget, and in need of no flow.</summary>
/// <remarks>Metropolis et al. 1953. The width of the proposals settles during warm-up, at about half of them accepted, and is fixed from then on.</remarks>
internal sealed class LocalMetropolis
{
    private const double Wanted = 0.5, Adaptation = 0.1;

    private readonly PhiFourAction _action;
    private readonly Rng _rng;
    private readonly double[] _phi;
    private double _width = 1;

    /// <param name="rng">Belongs to the chain from now on.</param>
    public LocalMetropolis(PhiFourAction action, Rng rng)
    {
        (_action, _rng, _phi) = (action, rng, new double[action.Sites]);
        rng.FillNormal(_phi);
    }

    /// <summary>The present field, shape <c>[L, L]</c>.</summary>
    public ReadOnlySpan<double> Phi => _phi;

    /// <summary>Visits every site, and adapts the width meanwhile.</summary>
    public void WarmUp(int sweeps)
    {
        for (int i = 0; i < sweeps; i++)
        {
            _width *= Math.Exp(Adaptation * (Sweep() - Wanted));
        }
    }

    /// <summary>Visits every site once.</summary>
    /// <returns>Share of the proposals that were accepted.</returns>
    public double Sweep()
    {
        int size = _action.Size, accepted = 0;
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column < size; column++)
            {
                int site = (row * size) + column;
                double value = _phi[site] + (_width * ((2 * _rng.NextDouble()) - 1)), change = _action.Change(_phi, row, column, value);
                if (change <= 0 || _rng.NextDouble() < Math.Exp(-change))
                {
                    _phi[site] = value;
                    accepted++;
                }
            }
        }

        return (double)accepted / _action.Sites;
    }
}
