namespace Quincunx.Inference.Nre;

/// <summary>The one check of what calibrations are fitted to.</summary>
internal static class ClassScores
{
    public static void Check(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.IsEmpty || second.IsEmpty)
        {
            throw new ArgumentException($"Expected scores of both classes, got {first.Length} and {second.Length}.", nameof(first));
        }

        foreach (double score in (ReadOnlySpan<double>)[.. first, .. second])
        {
            if (double.IsNaN(score))
            {
                throw new ArgumentException("Expected scores that are numbers, got NaN.", nameof(first));
            }
        }
    }
}
