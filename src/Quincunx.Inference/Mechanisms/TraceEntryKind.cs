namespace Quincunx.Inference.Mechanisms;

/// <summary>What a line of a trace is.</summary>
public enum TraceEntryKind
{
    /// <summary>A choice of a real number.</summary>
    Continuous,

    /// <summary>A choice of a whole number or label.</summary>
    Discrete,

    /// <summary>A quantity the program computed.</summary>
    Computed,
}
