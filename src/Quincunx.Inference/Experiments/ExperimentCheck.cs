namespace Quincunx.Inference.Experiments;

/// <summary>Something that was checked.</summary>
/// <param name="Outcome">The worst outcome of all is the verdict on the result.</param>
/// <param name="Statement">What was found: where it passed, briefly and without a full stop; else a sentence that says what to do.</param>
public sealed record ExperimentCheck(CheckOutcome Outcome, string Statement);
