namespace Quincunx.Inference.Abc;

/// <summary>The simulations of a range of events that succeeded.</summary>
/// <param name="Events">Their numbers, ascending; shape <c>[n]</c>.</param>
/// <param name="Theta">Shape <c>[n, parameters]</c>.</param>
/// <param name="Summaries">Shape <c>[n, summaries]</c>, finite.</param>
internal sealed record AbcBatch(long[] Events, double[] Theta, double[] Summaries)
{
    public int Count => Events.Length;
}
