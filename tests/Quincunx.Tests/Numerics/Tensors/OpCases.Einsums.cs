using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Tensors;

public static partial class OpCases
{
    private static IEnumerable<OpCase> Einsums =>
    [
        Einsum("ij,jk->ik", [[3, 4], [4, 2]], [[1, 1], [1, 1]], [[0, 2], [2, 3]], [[2, 0], [0, 3]]) with { Misfit = [[3, 4], [3, 2]] },
        Einsum("bij,bjk->bik", [[2, 3, 4], [2, 4, 2]]),
        Einsum("bji,bkj->kib", [[2, 3, 4], [2, 5, 3]]),
        Einsum("ii->", [[3, 3]], [[1, 1]], [[0, 0]]),
        Einsum("ii->i", [[3, 3]]),
        Einsum("ibib->bi", [[3, 2, 3, 2]]),
        Einsum("iii->i", [[2, 2, 2]]),
        Einsum("ijk->kij", [[2, 3, 4]]),
        Einsum("ijk->j", [[2, 3, 4]]),
        Einsum("ij->", [[2, 3]]) with { Misfit = [[2, 3, 4]] },
        Einsum("i,j->ji", [[2], [3]]),
        Einsum("i,i->", [[5], [5]]),
        Einsum("bi,bi->b", [[2, 5], [2, 5]]),
        Einsum("ab,ab->ba", [[2, 3], [2, 3]]),
        Einsum("a,->a", [[3], []]),
        Einsum("ij,jk,kl->il", [[2, 3], [3, 4], [4, 2]]),
        Einsum("i,ij,j->", [[3], [3, 2], [2]]),
        Einsum("aij,ij,k->ak", [[2, 3, 4], [3, 4], [2]]),
        Einsum(" ij , jk -> ik ", [[2, 3], [3, 2]]),
        Einsum("...ij,...jk->...ik", "abij,abjk->abik", [[2, 3, 2, 3], [2, 3, 3, 2]], [[2, 3, 2, 3], [3, 3, 2]], [[2, 1, 2, 3], [1, 2, 3, 2]]),
        Einsum("...i,i->...", "abi,i->ab", [[2, 3, 4], [4]]),
        Einsum("i...->...i", "iab->abi", [[2, 3, 4]]),
        Einsum("...i->", "abi->", [[2, 3, 4]]),
    ];

    private static OpCase Einsum(string formula, params int[][][] shapes) => Einsum(formula, formula, shapes);

    private static OpCase Einsum(string formula, string letters, params int[][][] shapes) =>
        Row($"Einsum:{formula}", x => Tensor.Einsum(formula, x), x => Summed(letters.Replace(" ", "", StringComparison.Ordinal), x), shapes) with { Tolerance = 1e-14 };

    // Every combination of all letters, one after another.
    private static NaiveArray Summed(string formula, NaiveArray[] x)
    {
        string[] sides = formula.Split("->"), terms = sides[0].Split(',');
        string all = new([.. terms.SelectMany(t => t).Distinct()]), rest = new([.. all.Except(sides[1])]);

        // Axes that an array lacks, or has with length 1, are broadcast.
        int Length(char c) => x.Select((a, i) => terms[i].LastIndexOf(c) is int p and >= 0 && p - terms[i].Length + a.Rank is int axis and >= 0 ? a.Lengths[axis] : 1).MaxBy(n => n == 1 ? -1 : n);
        int[] Lengths(string letters) => [.. letters.Select(Length)];
        return NaiveArray.Of(Lengths(sides[1]), y =>
        {
            double sum = 0;
            NaiveArray.Of(Lengths(rest), r =>
            {
                int At(char c) => sides[1].Contains(c, StringComparison.Ordinal) ? y[sides[1].IndexOf(c, StringComparison.Ordinal)] : r[rest.IndexOf(c, StringComparison.Ordinal)];
                return sum += x.Select((a, i) => a.At([.. terms[i].Select(At)])).Aggregate(1.0, (p, q) => p * q);
            });
            return sum;
        });
    }
}
