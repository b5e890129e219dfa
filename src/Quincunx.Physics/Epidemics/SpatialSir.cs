using System.Numerics;
using Quincunx.Inference.Mechanisms;

namespace Quincunx.Physics.Epidemics;

/// <summary>An epidemic on a square grid of people, seen as an image when some days have passed.</summary>
/// <remarks>
/// <para>
/// It begins with 1 + Poisson(3) infected cells, each anywhere. A day, a susceptible cell is infected by each infected one among its eight neighbours with probability β, independently, and one that was infected in the
/// morning recovers with probability γ. The grid has borders. After the days that are simulated the image is taken.
/// </para>
/// <para>
/// After the benchmark "spatial SIR" of the package hypothesis (J. Hermans et al. 2022, "A trust crisis in simulation-based inference?", arXiv:2110.06581), where the chance of infection is β times the infected among the
/// nine cells around; here it is 1 − (1 − β)^k, which is a probability for every β.
/// </para>
/// <para>Parameters: <c>beta</c> and <c>gamma</c>, probabilities a day.</para>
/// </remarks>
public sealed class SpatialSir : IMechanism
{
    private const int MeanOfMoreClusters = 3;
    private const byte Susceptible = 0, Infected = 1, Recovered = 2;

    private readonly int _size, _days;

    /// <param name="size">Cells along a side, at least 2.</param>
    /// <param name="days">Before the image is taken, positive.</param>
    public SpatialSir(int size = 32, int days = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(days);
        (_size, _days) = (size, days);
        string[] cells = [.. Enumerable.Range(0, size * size).Select(c => $"{c / size}_{c % size}")];
        OutputNames = [.. cells.Select(cell => $"susceptible_{cell}"), .. cells.Select(cell => $"infected_{cell}"), .. cells.Select(cell => $"recovered_{cell}")];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ParameterNames { get; } = ["beta", "gamma"];

    /// <summary>Three images of zeros and ones, shape <c>[3, size, size]</c>: susceptible, infected and recovered cells. Row and column are in the name.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// Choices: <c>more_clusters</c>, infected cells beyond the first; <c>cluster[i]</c>, the cell (row × size + column) of each; for a susceptible cell with infected neighbours <c>infection[cell, day]</c> and for an infected one
    /// <c>recovery[cell, day]</c>, both 0 or 1, days from 0.
    /// </remarks>
    /// <exception cref="ArgumentException">A parameter is not a probability.</exception>
    public void Run<TReal, TTrace>(ReadOnlySpan<TReal> theta, Span<TReal> x, ref TTrace trace)
        where TReal : unmanaged, IFloatingPointIeee754<TReal>
        where TTrace : struct, ITrace<TReal>
    {
        (TReal beta, TReal gamma) = (theta[0], theta[1]);
        if (!(beta >= TReal.Zero && beta <= TReal.One && gamma >= TReal.Zero && gamma <= TReal.One))
        {
            throw new ArgumentException($"Expected two probabilities, got {beta} and {gamma}.", nameof(theta));
        }

        // The chance of infection by 0 to 8 neighbours.
        Span<TReal> infection = stackalloc TReal[9];
        for (int k = 1; k <= 8; k++)
        {
            infection[k] = infection[k - 1] + (beta * (TReal.One - infection[k - 1]));
        }

        int cells = _size * _size;
        byte[] state = new byte[cells], neighbours = new byte[cells];
        int clusters = 1 + int.CreateTruncating(trace.Draw(new Site("more_clusters"), Law.Poisson(TReal.CreateTruncating(MeanOfMoreClusters))));
        for (int i = 0; i < clusters; i++)
        {
            int cell = int.CreateTruncating(trace.Draw(new Site("cluster", i), new CellLaw<TReal>(cells)));
            if (state[cell] == Susceptible)
            {
                state[cell] = Infected;
                Count(neighbours, cell, 1);
            }
        }

        List<int> changed = [];
        for (int day = 0; day < _days; day++)
        {
            changed.Clear();
            for (int cell = 0; cell < cells; cell++)
            {
                bool changes = state[cell] == Susceptible
                    ? neighbours[cell] > 0 && trace.Flip(new Site("infection", cell, day), infection[neighbours[cell]])
                    : state[cell] == Infected && trace.Flip(new Site("recovery", cell, day), gamma);
                if (changes)
                {
                    changed.Add(cell);
                }
            }

            foreach (int cell in changed)
            {
                Count(neighbours, cell, ++state[cell] == Infected ? 1 : -1);
            }
        }

        for (int cell = 0; cell < cells; cell++)
        {
            for (byte channel = Susceptible; channel <= Recovered; channel++)
            {
                x[(channel * cells) + cell] = state[cell] == channel ? TReal.One : TReal.Zero;
            }
        }
    }

    // One infected neighbour more or less for the cells around.
    private void Count(byte[] neighbours, int cell, int change)
    {
        (int row, int column) = (cell / _size, cell % _size);
        for (int r = Math.Max(row - 1, 0); r <= Math.Min(row + 1, _size - 1); r++)
        {
            for (int c = Math.Max(column - 1, 0); c <= Math.Min(column + 1, _size - 1); c++)
            {
                int other = (r * _size) + c;
                neighbours[other] = (byte)(neighbours[other] + (other == cell ? 0 : change));
            }
        }
    }
}
