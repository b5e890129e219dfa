using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Inference.Networks;

/// <summary>Translations, mirror images and their like of fields and links on a periodic square lattice, written out index by index.</summary>
internal static class LatticeMoves
{
    public static IEnumerable<string> PointGroup { get; } = ["mirror-0", "mirror-1", "diagonal", "quarter-turn"];

    public static Tensor Shift(Tensor field, int[] by) => Moved(field, place => [.. place.Select((x, axis) => x + by[axis])]);

    /// <summary>A field after one of <see cref="PointGroup"/>, of two axes of one length.</summary>
    public static Tensor Apply(string move, Tensor field) => Moved(field, place => move switch
    {
        "mirror-0" => [-1 - place[0], place[1]],
        "mirror-1" => [place[0], -1 - place[1]],
        "diagonal" => [place[1], place[0]],
        _ => [place[1], -1 - place[0]],
    });

    /// <summary>Links after the same, reversed where the move turns them round, such that a plaquette goes where <see cref="Apply"/> takes a field.</summary>
    public static Tensor ApplyToLinks(string move, Tensor links)
    {
        int side = links.Shape[2];
        double[] values = links.ToArray(), moved = new double[values.Length];
        int At(int b, int mu, int x, int y) => (((((b * 2) + mu) * side) + Wrapped(x, side)) * side) + Wrapped(y, side);
        for (int b = 0; b < links.Shape[0]; b++)
        {
            for (int x = 0; x < side; x++)
            {
                for (int y = 0; y < side; y++)
                {
                    (double along0, double along1) = move switch
                    {
                        // x₀ → -x₀: the link to the right of x is the one to the left of its image, run through backwards.
                        "mirror-0" => (-values[At(b, 0, -1 - x, y)], values[At(b, 1, -x, y)]),
                        "mirror-1" => (values[At(b, 0, x, -y)], -values[At(b, 1, x, -1 - y)]),
                        "diagonal" => (values[At(b, 1, y, x)], values[At(b, 0, y, x)]),

                        // The site (x, y) shows what was at (y, -x): a step in x is one back in the old y, a step in y one ahead in the old x.
                        _ => (-values[At(b, 1, y, -x - 1)], values[At(b, 0, y, -x)]),
                    };
                    (moved[At(b, 0, x, y)], moved[At(b, 1, x, y)]) = (along0, along1);
                }
            }
        }

        return Tensor.From(moved, links.Shape);
    }

    /// <summary>Whether a move mirrors, so that plaquettes change their sign.</summary>
    public static bool Mirrors(string move) => move != "quarter-turn";

    // Element at a place of the result is that at `from` of the place, modulo the lengths; over the axes behind batch and channel.
    private static Tensor Moved(Tensor field, Func<int[], int[]> from)
    {
        int axes = field.Rank - 2;
        int[] lattice = [.. field.Shape.Lengths[2..]], place = new int[axes];
        int sites = lattice.Aggregate(1, (a, b) => a * b);
        double[] values = field.ToArray(), moved = new double[values.Length];
        for (int site = 0; site < sites; site++)
        {
            for (int axis = axes - 1, rest = site; axis >= 0; axis--)
            {
                (place[axis], rest) = (rest % lattice[axis], rest / lattice[axis]);
            }

            int[] source = from(place);
            int at = 0;
            for (int axis = 0; axis < axes; axis++)
            {
                at = (at * lattice[axis]) + Wrapped(source[axis], lattice[axis]);
            }

            for (int row = 0; row < values.Length / sites; row++)
            {
                moved[(row * sites) + site] = values[(row * sites) + at];
            }
        }

        return Tensor.From(moved, field.Shape);
    }

    private static int Wrapped(int x, int length) => ((x % length) + length) % length;
}
