using Quincunx.Inference.Mechanisms;
using Quincunx.Inference.Mechanisms.Explaining;
using Quincunx.Physics.Toys;

namespace Quincunx.Tests.Inference.Mechanisms.Explaining;

/// <summary>The problems with exact answers that every method of explaining is held against.</summary>
internal static class ExplainedCases
{
    public static TheoryData<string> Names => ["hidden-markov", "mixture", "galton", "generalized-galton"];

    public static ExplainedCase Of(string name) => name switch
    {
        "hidden-markov" => HiddenMarkov(),
        "mixture" => Mixture(),
        "galton" => Galton(),
        "generalized-galton" => GeneralizedGalton(),
        _ => throw new ArgumentException($"There is no case {name}.", nameof(name)),
    };

    private static ExplainedCase HiddenMarkov()
    {
        double[] x = [-0.8, 0.1, 0.9, 1.6, 2.2, 0.4, -0.6, 0.2];
        (double[,] states, double[] stays, double logEvidence) = HiddenMarkovChain.Exact(noise: 1, x);
        List<(string, Func<TraceRecord, double>, double)> quantities = [];
        for (int t = 0; t < x.Length; t++)
        {
            var site = new Site("state", t);
            for (int k = 0; k < HiddenMarkovChain.States; k++)
            {
                int value = k;
                quantities.Add(($"state {t} is {k}", r => r[site] == value ? 1 : 0, states[t, k]));
            }

            if (t < x.Length - 1)
            {
                var next = new Site("state", t + 1);
                quantities.Add(($"state {t} stays", r => r[site] == r[next] ? 1 : 0, stays[t]));
            }
        }

        return new(new HiddenMarkovChain(x.Length), [1], new Observation(x), logEvidence, quantities);
    }

    private static ExplainedCase Mixture()
    {
        double[] x = [-1.5, -0.9, 2.1, 1.2];
        (double[] components, double together, double source, double logEvidence) = UnknownMixture.Exact(spread: 2, x);
        return new(
            new UnknownMixture(x.Length),
            [2],
            new Observation(x),
            logEvidence,
            [
                .. components.Select((p, k) => ($"{k + 1} components", (Func<TraceRecord, double>)(r => UnknownMixture.Components(r) == k + 1 ? 1 : 0), p)),
                ("points 0 and 1 together", r => UnknownMixture.Label(r, 0) == UnknownMixture.Label(r, 1) ? 1 : 0, together),
                ("source of point 0", r => r[new Site("mean", UnknownMixture.Label(r, 0))], source),
            ]);
    }

    // Given the bin, all paths into it are equally probable.
    private static ExplainedCase Galton()
    {
        const int Rows = 12, Bin = 5;
        var board = new GaltonBoard(Rows);
        Func<TraceRecord, int, double> nail = (r, row) => r[new Site("nail", row)];
        return new(
            board,
            [0.35],
            new Observation(Bin),
            board.LogLikelihood([0.35], [Bin]),
            [
                .. Enumerable.Range(0, Rows).Select(row => ($"nail {row}", (Func<TraceRecord, double>)(r => nail(r, row)), (double)Bin / Rows)),
                ("nails 0 and 1", r => nail(r, 0) * nail(r, 1), Bin * (Bin - 1.0) / (Rows * (Rows - 1))),
                ("nails 0 and 11", r => nail(r, 0) * nail(r, 11), Bin * (Bin - 1.0) / (Rows * (Rows - 1))),
            ]);
    }

    // Paths into a bin by forward and backward sums over rows and positions, with the probabilities as arXiv:1805.12244 states them.
    private static ExplainedCase GeneralizedGalton()
    {
        const int Rows = GeneralizedGaltonBoard.Rows, Nails = 31, Start = 15, Bin = 12;
        const double Theta = -0.7;
        double[,] forward = new double[Rows + 1, Nails], backward = new double[Rows + 1, Nails];
        (forward[0, Start], backward[Rows, Bin]) = (1, 1);
        for (int row = 0; row < Rows; row++)
        {
            for (int at = 1; at < Nails - 1; at++)
            {
                (int left, int right) = (at - (row & 1), at + 1 - (row & 1));
                forward[row + 1, right] += forward[row, at] * Right(row, at);
                forward[row + 1, left] += forward[row, at] * (1 - Right(row, at));
            }
        }

        for (int row = Rows - 1; row >= 0; row--)
        {
            for (int at = 1; at < Nails - 1; at++)
            {
                (int left, int right) = (at - (row & 1), at + 1 - (row & 1));
                backward[row, at] = (Right(row, at) * backward[row + 1, right]) + ((1 - Right(row, at)) * backward[row + 1, left]);
            }
        }

        double evidence = backward[0, Start];
        double[] turns = new double[Rows], places = new double[Rows];
        for (int row = 0; row < Rows; row++)
        {
            for (int at = 1; at < Nails - 1; at++)
            {
                turns[row] += forward[row, at] * Right(row, at) * backward[row + 1, at + 1 - (row & 1)] / evidence;
                places[row] += at * forward[row, at] * backward[row, at] / evidence;
            }
        }

        return new(
            new GeneralizedGaltonBoard(),
            [Theta],
            new Observation(Bin),
            Math.Log(evidence),
            [
                .. turns.Select((p, row) => ($"nail {row}", (Func<TraceRecord, double>)(r => r[new Site("nail", row)]), p)),
                .. places.Select((mean, row) => ($"place {row}", (Func<TraceRecord, double>)(r => Place(r, row)), mean)).Skip(1),
            ]);

        static double Right(int row, int at)
        {
            double f = Math.Sin(Math.PI * row / (Rows - 1));
            return 1 - ((0.5 * (1 - f)) + (f / (1 + Math.Exp(-10 * Theta * ((2.0 * at / (Nails - 1)) - 1)))));
        }

        static double Place(TraceRecord record, int row) => Start + Enumerable.Range(0, row).Sum(r => record[new Site("nail", r)] - (r & 1));
    }
}
