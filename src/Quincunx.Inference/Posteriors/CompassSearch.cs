namespace Quincunx.Inference.Posteriors;

/// <summary>Climbs along the axes with steps that are halved where none goes up: no gradient, and all points of a sweep in one batch (Kolda, Lewis and Torczon 2003, SIAM Rev. 45, 385).</summary>
/// <remarks>What a line search begins it ends: at maxima with kinks, where a line search stalls, and where float32 noise hides the gradient.</remarks>
/// <param name="logProbs">Log-densities of points, shape <c>[rows, d]</c>, into <c>[rows]</c>.</param>
internal sealed class CompassSearch(Action<double[], double[]> logProbs)
{
    // Densities are of float32 networks: log q has noise of some 1e-6.
    private const double Noise = 1e-5, FirstStep = 0.1, LastStep = 1e-3;
    private const int Sweeps = 200;

    /// <returns>The highest point, and whether no last step goes up by more than noise.</returns>
    public (double[] Top, bool Converged) Climb(ReadOnlySpan<double> start)
    {
        int d = start.Length, rows = (2 * d) + 1;
        double[] top = start.ToArray(), logs = new double[rows];
        double step = FirstStep;
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            double[] around = new double[rows * d];
            for (int row = 0; row < rows; row++)
            {
                top.CopyTo(around, row * d);
                if (row > 0)
                {
                    around[(row * d) + ((row - 1) / 2)] += row % 2 == 1 ? step : -step;
                }
            }

            logProbs(around, logs);
            int best = 0;
            for (int row = 1; row < rows; row++)
            {
                best = logs[row] > logs[best] ? row : best;
            }

            if (best > 0 && logs[best] > logs[0] + Noise)
            {
                around.AsSpan(best * d, d).CopyTo(top);
            }
            else if (step <= LastStep)
            {
                return (top, double.IsFinite(logs[0]));
            }
            else
            {
                step = Math.Max(LastStep, 0.5 * step);
            }
        }

        return (top, false);
    }
}
