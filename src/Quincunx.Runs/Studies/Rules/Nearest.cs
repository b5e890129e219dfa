namespace Quincunx.Runs.Studies.Rules;

/// <summary>Guesses which known word a misspelt one was meant to be.</summary>
internal static class Nearest
{
    /// <returns>"Did you mean 'x'?" if a known word is within a third of the letters (at least one edit, but not all), or else null.</returns>
    public static string? Hint(string word, IEnumerable<string> known)
    {
        string plain = Plain(word);
        (string? best, int distance) = (null, Math.Max(1, plain.Length / 3) + 1);
        foreach (string candidate in known)
        {
            int d = Distance(plain, Plain(candidate));
            (best, distance) = d < distance && d < plain.Length ? (candidate, d) : (best, distance);
        }

        return best is null ? null : $"Did you mean '{best}'?";
    }

    // Case and the three ways of joining words are no difference in spelling.
    private static string Plain(string word) =>
        (word.Length > 64 ? word[..64] : word).Replace('_', '-').Replace(' ', '-').ToLowerInvariant();

    /// <summary>Fewest insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).</summary>
    internal static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }

                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
