using System.Text.Json.Serialization;

namespace Quincunx.Runs.Studies;

/// <summary>Keys under <c>inference.ratio</c>: the classifier of the ratio methods.</summary>
/// <param name="Hidden">Widths of the residual blocks, all the same.</param>
/// <param name="Reference">Parameters of the hypothesis that ratios are to; null: for <c>carl</c> the prior's medians, for ratios from mined simulations other draws of the prior.</param>
/// <param name="Contrasts">Parameters that an observation is contrasted with; not for <c>nre-a</c>.</param>
/// <param name="Odds">Odds that one of them made it; for <c>nre-c</c> alone.</param>
/// <param name="Balance">Weight of the balance condition; not for <c>nre-b</c>.</param>
public sealed record RatioSettings(IReadOnlyList<int> Hidden, int Contrasts, double Odds, double Balance,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? Reference = null);
