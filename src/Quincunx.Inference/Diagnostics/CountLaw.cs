namespace Quincunx.Inference.Diagnostics;

/// <summary>Probabilities and tails of a unimodal law of counts 0 to n, kept only where a count has at least 1e-40: of the order of √n of them.</summary>
internal sealed class CountLaw
{
    private const double Negligible = 1e-40;

    private readonly int _first;
    private readonly double[] _mass, _atMost, _atLeast;     // index x - _first

    /// <param name="most">n, the largest count.</param>
    /// <param name="mean">Within one count of the most probable.</param>
    /// <param name="logProbability">Of a count.</param>
    public CountLaw(int most, double mean, Func<int, double> logProbability)
    {
        int mode = Math.Clamp((int)mean, 0, most);
        List<double> down = [], up = [];
        for (int x = mode; x >= 0; x--)
        {
            double mass = Math.Exp(logProbability(x));
            if (mass < Negligible && x < mode)
            {
                break;
            }

            down.Add(mass);
        }

        for (int x = mode + 1; x <= most; x++)
        {
            double mass = Math.Exp(logProbability(x));
            if (mass < Negligible && x > mode + 1)
            {
                break;
            }

            up.Add(mass);
        }

        _first = mode - down.Count + 1;
        _mass = [.. Enumerable.Reverse(down), .. up];
        (_atMost, _atLeast) = (new double[_mass.Length], new double[_mass.Length]);

        // Each tail is summed from its own end, so that a small one keeps its digits.
        double below = 0, above = 0;
        for (int i = 0; i < _mass.Length; i++)
        {
            _atMost[i] = below += _mass[i];
            _atLeast[^(i + 1)] = above += _mass[^(i + 1)];
        }
    }

    /// <summary>P(count ≤ x).</summary>
    public double AtMost(int x) => x < _first ? 0 : _atMost[Math.Min(x - _first, _mass.Length - 1)];

    /// <summary>P(count ≥ x).</summary>
    public double AtLeast(int x) => x - _first >= _mass.Length ? 0 : _atLeast[Math.Max(x - _first, 0)];

    /// <summary>The counts with more than <paramref name="tail"/> probability on both sides, themselves included; none if Lower exceeds Upper.</summary>
    public (int Lower, int Upper) Between(double tail) => (
        _first + FirstAbove(_mass.Length, i => _atMost[i] > tail),
        _first + _mass.Length - 1 - FirstAbove(_mass.Length, i => _atLeast[^(i + 1)] > tail));

    /// <summary>Σ weights[x] P(count = y − x) over x from <paramref name="from"/> to <paramref name="to"/>.</summary>
    public double Convolve(double[] weights, int from, int to, int y)
    {
        double sum = 0;
        int last = Math.Min(to, y - _first);
        for (int x = Math.Max(from, y - _first - _mass.Length + 1); x <= last; x++)
        {
            sum += weights[x] * _mass[y - x - _first];
        }

        return sum;
    }

    // First index from which the condition holds; it holds from there on.
    private static int FirstAbove(int length, Func<int, bool> holds)
    {
        int low = 0, high = length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = holds(middle) ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
