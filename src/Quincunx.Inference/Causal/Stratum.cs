namespace Quincunx.Inference.Causal;

/// <summary>How an assignment of states to variables is written: <c>X=1, Z=0</c>.</summary>
internal static class Stratum
{
    public static string Text(ReadOnlySpan<(string Name, int State)> assignment)
    {
        List<string> parts = [];
        foreach ((string name, int state) in assignment)
        {
            parts.Add($"{name}={state}");
        }

        return string.Join(", ", parts);
    }
}
