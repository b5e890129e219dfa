namespace Quincunx.Inference.Abc;

/// <summary>How far two vectors of summaries are apart.</summary>
public enum AbcMetric
{
    /// <summary>Euclidean, in the units that the summaries have.</summary>
    Euclidean,

    /// <summary>Euclidean, each summary divided by its median absolute deviation over simulations from the prior.</summary>
    MedianDeviation,

    /// <summary>Mahalanobis, by the covariance of the summaries over simulations from the prior.</summary>
    Mahalanobis,
}
