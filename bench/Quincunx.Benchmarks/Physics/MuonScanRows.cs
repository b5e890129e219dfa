using Quincunx.Inference.Gold;
using Quincunx.Numerics.Autodiff.Forward;
using Quincunx.Numerics.Special;
using Quincunx.Physics.Electroweak;

namespace Quincunx.Benchmarks.Physics;

/// <summary>Exact log-likelihoods of events of the scan, or of bins of them: each is a sum over energies of rates times numbers that do not depend on theta.</summary>
internal sealed class MuonScanRows
{
    private const double MassStep = 0.5, AngleStep = 0.02;
    private static readonly int Energies = MuonScan.EnergiesGeV.Count;

    // Middles of cells that cover all masses and angles, and what each adds to a bin.
    private static readonly (double MassGeV, double Angle)[] Cells =
        [.. Enumerable.Range(0, 220).SelectMany(i => Enumerable.Range(0, 270).Select(j => (48 + (MassStep * i), -1.1 + (AngleStep * j))))];

    private static readonly double[] CellParts = Parts(Cells, MassStep * AngleStep);
    private static readonly double[] AllParts = Sum(CellParts, _ => 0, 1);
    private readonly double[] _parts;

    private MuonScanRows(double[] parts) => _parts = parts;

    public int Count => _parts.Length / (2 * Energies);

    /// <param name="xs">Masses and angles, shape <c>[n, 2]</c>.</param>
    public static MuonScanRows Events(double[] xs) => new(Parts([.. Enumerable.Range(0, xs.Length / 2).Select(i => (xs[2 * i], xs[(2 * i) + 1]))], 1));

    /// <summary>Bins of an observable.</summary>
    /// <param name="bin">Of a mass and an angle.</param>
    public static MuonScanRows Bins(Func<double, double, int> bin, int count) => new(Sum(CellParts, cell => bin(Cells[cell].MassGeV, Cells[cell].Angle), count));

    /// <summary>Edges between bins that are equally frequent at theta.</summary>
    public static double[] Edges(Func<double, double, double> observable, double[] theta, int bins)
    {
        double[] p = new MuonScanRows(CellParts).Probabilities(theta);
        (double Value, double P)[] cells = [.. Cells.Select((c, i) => (observable(c.MassGeV, c.Angle), p[i])).OrderBy(c => c.Item1)];
        List<double> edges = [];
        double sum = 0;
        foreach ((double value, double share) in cells)
        {
            sum += share;
            if (sum * bins > edges.Count + 1 && edges.Count < bins - 1)
            {
                edges.Add(value);
            }
        }

        return [.. edges];
    }

    /// <summary>Fisher information of one event as cells see it, which are far smaller than the resolutions.</summary>
    public static FisherInformation ExactInformation(double[] theta) => new MuonScanRows(CellParts).Information(theta);

    /// <summary>The information in a histogram with these bins.</summary>
    public FisherInformation Information(double[] theta)
    {
        double[] p = Probabilities(theta), scores = Scores(theta), matrix = new double[4];
        for (int i = 0; i < 4 * p.Length; i++)
        {
            int row = i / 4;
            matrix[i % 4] += p[row] > 0 ? p[row] * scores[(2 * row) + (i / 2 % 2)] * scores[(2 * row) + (i % 2)] : 0;
        }

        return new FisherInformation(matrix, new double[4], 0);
    }

    /// <summary>Of each row: its slope of log p in theta. Shape <c>[n, 2]</c>.</summary>
    public double[] Scores(double[] theta)
    {
        double[] scores = new double[2 * Count];
        Evaluate(theta, (row, log) => (scores[2 * row], scores[(2 * row) + 1]) = (log.Derivative(0), log.Derivative(1)));
        return scores;
    }

    /// <summary>Σ weight · log p, and its gradient.</summary>
    /// <param name="weights">Of rows; counts, or ones.</param>
    public (double Value, double[] Gradient) LogLikelihood(double[] theta, double[] weights)
    {
        double value = 0;
        double[] gradient = new double[2];
        Evaluate(theta, (row, log) =>
        {
            if (weights[row] > 0)
            {
                value += weights[row] * log.Value;
                gradient[0] += weights[row] * log.Derivative(0);
                gradient[1] += weights[row] * log.Derivative(1);
            }
        });
        return (value, gradient);
    }

    private double[] Probabilities(double[] theta)
    {
        double[] p = new double[Count];
        Evaluate(theta, (row, log) => p[row] = Math.Exp(log.Value));
        return p;
    }

    private void Evaluate(double[] theta, Action<int, Dual<Tangent4>> take)
    {
        var all = new Dual<Tangent4>[Energies];
        var odd = new Dual<Tangent4>[Energies];
        MuonScan.Rates<Dual<Tangent4>>([Dual<Tangent4>.Variable(theta[0], 0), Dual<Tangent4>.Variable(theta[1], 1)], all, odd);
        Dual<Tangent4> norm = Dual<Tangent4>.Log(Rate(AllParts));
        for (int row = 0; row < Count; row++)
        {
            take(row, Dual<Tangent4>.Log(Rate(_parts.AsSpan(row * 2 * Energies, 2 * Energies))) - norm);
        }

        Dual<Tangent4> Rate(ReadOnlySpan<double> parts)
        {
            Dual<Tangent4> rate = new(0);
            for (int k = 0; k < Energies; k++)
            {
                rate += (new Dual<Tangent4>(parts[2 * k]) * all[k]) + (new Dual<Tangent4>(parts[(2 * k) + 1]) * odd[k]);
            }

            return rate;
        }
    }

    private static double[] Parts((double MassGeV, double Angle)[] places, double area)
    {
        Dictionary<double, (double Even, double Odd)> angles = [];
        double[] parts = new double[places.Length * 2 * Energies];
        for (int i = 0; i < places.Length; i++)
        {
            (double mass, double angle) = places[i];
            if (!angles.TryGetValue(angle, out (double Even, double Odd) smeared))
            {
                smeared = angles[angle] = MuonScanEvent.Smeared(angle, 64);
            }

            for (int k = 0; k < Energies; k++)
            {
                double energy = MuonScan.EnergiesGeV[k], sd = MuonScan.MassResolution * energy, density = area * Math.Exp(SpecialFunctions.NormalLogPdf((mass - energy) / sd)) / sd;
                (parts[(i * 2 * Energies) + (2 * k)], parts[(i * 2 * Energies) + (2 * k) + 1]) = (density * smeared.Even, density * smeared.Odd);
            }
        }

        return parts;
    }

    private static double[] Sum(double[] cells, Func<int, int> bin, int count)
    {
        double[] sums = new double[count * 2 * Energies];
        for (int i = 0; i < cells.Length; i++)
        {
            sums[(bin(i / (2 * Energies)) * 2 * Energies) + (i % (2 * Energies))] += cells[i];
        }

        return sums;
    }
}
