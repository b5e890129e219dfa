namespace Quincunx.Inference.Importance;

/// <summary>Which draws a run that stopped at an effective number reports.</summary>
public enum StoppingRule
{
    /// <summary>Those that it looked at: cheapest. Their effective number is too high, since they were stopped when it was, and their evidence low by a small part of its error.</summary>
    FirstPassage,

    /// <summary>As many draws again, which no look has chosen: no bias, at twice the cost. Their effective number may be below what was asked for.</summary>
    FreshDraws,
}
