namespace Quincunx.Inference.Networks;

/// <summary>The elements of a window that a point group maps onto each other, and that share a weight therefore.</summary>
internal static class LatticeOrbits
{
    /// <summary>Numbers the orbits by their first elements.</summary>
    /// <param name="axes">1 to 3.</param>
    /// <param name="side">Odd; the group turns the window about its middle.</param>
    /// <returns>The orbit of each element, row-major, and the first element of each orbit.</returns>
    public static (int[] OrbitOf, int[] First) Of(int axes, int side, LatticeSymmetry symmetry)
    {
        int count = 1;
        for (int axis = 0; axis < axes; axis++)
        {
            count *= side;
        }

        int[] orbitOf = new int[count], place = new int[axes], image = new int[axes];
        List<int> first = [];
        (int[] Axes, int[] Signs)[] group = [.. Elements(axes, symmetry)];
        for (int element = 0; element < count; element++)
        {
            for (int axis = axes - 1, rest = element; axis >= 0; axis--, rest /= side)
            {
                place[axis] = (rest % side) - (side / 2);
            }

            int least = group.Min(g =>
            {
                int index = 0;
                for (int axis = 0; axis < axes; axis++)
                {
                    image[axis] = g.Signs[axis] * place[g.Axes[axis]];
                    index = (index * side) + image[axis] + (side / 2);
                }

                return index;
            });
            if (least == element)
            {
                orbitOf[element] = first.Count;
                first.Add(element);
            }
            else
            {
                orbitOf[element] = orbitOf[least];
            }
        }

        return (orbitOf, [.. first]);
    }

    // Signed permutations of the axes; rotations have determinant 1.
    private static IEnumerable<(int[] Axes, int[] Signs)> Elements(int axes, LatticeSymmetry symmetry)
    {
        foreach ((int[] order, int parity) in Permutations(axes))
        {
            for (int pattern = 0; pattern < 1 << axes; pattern++)
            {
                int[] signs = [.. Enumerable.Range(0, axes).Select(axis => ((pattern >> axis) & 1) == 0 ? 1 : -1)];
                int determinant = signs.Aggregate(parity, (product, sign) => product * sign);
                bool isIdentity = pattern == 0 && order.SequenceEqual(Enumerable.Range(0, axes));
                if (isIdentity || symmetry == LatticeSymmetry.Full || (symmetry == LatticeSymmetry.Rotations && determinant == 1))
                {
                    yield return (order, signs);
                }
            }
        }
    }

    private static IEnumerable<(int[] Order, int Parity)> Permutations(int count)
    {
        if (count == 0)
        {
            yield return ([], 1);
            yield break;
        }

        foreach ((int[] shorter, int parity) in Permutations(count - 1))
        {
            for (int at = 0; at < count; at++)
            {
                // Moved past the (count - 1 - at) elements behind it.
                yield return ([.. shorter[..at], count - 1, .. shorter[at..]], int.IsEvenInteger(count - 1 - at) ? parity : -parity);
            }
        }
    }
}
