namespace Quincunx.Inference.Npe;

/// <summary>What a network makes of NaN in an observation.</summary>
public enum MissingValues
{
    /// <summary>An error, in training and afterwards.</summary>
    Refused,

    /// <summary>A number that was not observed: the network sees a trained one in its place, and which were observed beside. Infinity stays an error.</summary>
    Embedded,
}
