namespace Quincunx.Inference.Experiments;

/// <summary>What a check says of a result.</summary>
public enum CheckOutcome
{
    Passed,

    /// <summary>A reader must know, but it does not by itself spoil the result.</summary>
    Doubtful,

    /// <summary>The result rests on it: it is not to be trusted.</summary>
    Failed,
}
