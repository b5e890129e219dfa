namespace Quincunx.Runs.Reports.Figures;

/// <summary>Level curves of a function given at the nodes of a square grid (marching squares; a saddle is decided by the mean of its cell).</summary>
internal static class ContourTracer
{
    /// <summary>Closed curves around the nodes above the level, higher values on the left, in units of the square.</summary>
    /// <remarks>The grid is taken to be surrounded by nodes below the level, one cell outside, so that every curve closes.</remarks>
    /// <param name="values">Row by row, <paramref name="nodes"/> squared of them.</param>
    public static IReadOnlyList<IReadOnlyList<(double X, double Y)>> Trace(double[] values, int nodes, double level)
    {
        if (double.IsNaN(level))
        {
            return [];
        }

        int size = nodes + 2;
        double Node(int x, int y) => x == 0 || y == 0 || x == size - 1 || y == size - 1 ? level - Math.Abs(level) - 1 : values[((y - 1) * nodes) + x - 1];

        // An edge of the grid is crossed at most once, by one curve that enters a cell there and left the cell behind it:
        // "from this edge to that one" is then a map, and following it draws the curves.
        int[] next = new int[2 * size * size];
        Array.Fill(next, -1);
        for (int y = 0; y < size - 1; y++)
        {
            for (int x = 0; x < size - 1; x++)
            {
                double a = Node(x, y), b = Node(x + 1, y), c = Node(x + 1, y + 1), d = Node(x, y + 1);
                int low = 2 * ((y * size) + x), left = low + 1, right = left + 2, high = low + (2 * size);
                bool isHigh = (a + b + c + d) / 4 > level;
                switch ((a > level ? 1 : 0) | (b > level ? 2 : 0) | (c > level ? 4 : 0) | (d > level ? 8 : 0))
                {
                    case 1: next[low] = left; break;
                    case 2: next[right] = low; break;
                    case 3: next[right] = left; break;
                    case 4: next[high] = right; break;
                    case 5: (next[low], next[high]) = isHigh ? (right, left) : (left, right); break;
                    case 6: next[high] = low; break;
                    case 7: next[high] = left; break;
                    case 8: next[left] = high; break;
                    case 9: next[low] = high; break;
                    case 10: (next[right], next[left]) = isHigh ? (high, low) : (low, high); break;
                    case 11: next[right] = high; break;
                    case 12: next[left] = right; break;
                    case 13: next[low] = right; break;
                    case 14: next[left] = low; break;
                }
            }
        }

        (double X, double Y) Crossing(int edge)
        {
            int node = edge / 2, x = node % size, y = node / size;
            bool isLeft = edge % 2 == 1;
            double from = Node(x, y), to = isLeft ? Node(x, y + 1) : Node(x + 1, y), t = (level - from) / (to - from);
            return ((x - 1 + (isLeft ? 0 : t)) / (nodes - 1), (y - 1 + (isLeft ? t : 0)) / (nodes - 1));
        }

        List<IReadOnlyList<(double X, double Y)>> loops = [];
        for (int start = 0; start < next.Length; start++)
        {
            List<(double X, double Y)> loop = [];
            for (int edge = start; next[edge] >= 0;)
            {
                loop.Add(Crossing(edge));
                (edge, next[edge]) = (next[edge], -1);
            }

            if (loop.Count > 0)
            {
                loops.Add([.. loop, loop[0]]);
            }
        }

        return loops;
    }
}
