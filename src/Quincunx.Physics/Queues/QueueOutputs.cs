namespace Quincunx.Physics.Queues;

/// <summary>What is seen of a queue.</summary>
public enum QueueOutputs
{
    /// <summary>Least, lower quartile, median, upper quartile and greatest of the times between departures.</summary>
    Quartiles,

    /// <summary>All times between departures, in order; the first from the opening.</summary>
    Gaps,
}
