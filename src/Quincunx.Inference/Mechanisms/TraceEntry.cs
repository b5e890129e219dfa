namespace Quincunx.Inference.Mechanisms;

/// <summary>One line of a <see cref="TraceRecord"/>.</summary>
/// <param name="Site">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Value">What the program went on with.</param>
/// <param name="LogProb">Log-density or log-probability of a choice under its law; 0 for a computed quantity and for one that was set.</param>
/// <param name="Noise">The standard normal noise the choice came of; NaN where it was not asked for or there is none.</param>
public readonly record struct TraceEntry(Site Site, TraceEntryKind Kind, double Value, double LogProb, double Noise)
{
    internal static TraceEntryKind KindOf<TLaw>()
        where TLaw : struct, ILaw<double>, allows ref struct => TLaw.IsDiscrete ? TraceEntryKind.Discrete : TraceEntryKind.Continuous;
}
