namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference.flow</c>.</summary>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Bins">Meant for the spline kinds only.</param>
public sealed record FlowSettings(string Kind, int Transforms, IReadOnlyList<int> Hidden, int Bins)
{
    /// <summary>The words that the study file knows; the first is the default.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["spline-autoregressive", "affine-autoregressive", "spline-coupling", "affine-coupling"];

    public bool IsSpline => Kind.StartsWith("spline", StringComparison.Ordinal);
}
