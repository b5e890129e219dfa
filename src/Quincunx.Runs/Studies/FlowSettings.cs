namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference.flow</c>.</summary>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Transforms">Meant for all kinds but the continuous one.</param>
/// <param name="Bins">Meant for the spline kinds only.</param>
/// <param name="Steps">Meant for the continuous kind only.</param>
public sealed record FlowSettings(string Kind, int Transforms, IReadOnlyList<int> Hidden, int Bins, int Steps)
{
    /// <summary>The words that the study file knows; the first is the default.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["spline-autoregressive", "affine-autoregressive", "spline-coupling", "affine-coupling", "continuous"];

    public bool IsContinuous => Kind == "continuous";

    public bool IsSpline => Kind.StartsWith("spline", StringComparison.Ordinal);
}
