namespace Quincunx.Inference.Mechanisms.Explaining;

/// <summary>How importance sampling of traces ended.</summary>
public enum TraceImportanceStop
{
    /// <summary>All events were drawn and some agree with the observation.</summary>
    Completed,

    /// <summary>All events were drawn and none agrees with the observation: nothing is known but that the evidence is small.</summary>
    NoAgreement,
}
