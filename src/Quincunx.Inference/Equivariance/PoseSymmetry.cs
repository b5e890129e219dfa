namespace Quincunx.Inference.Equivariance;

/// <summary>Whether moved data say of moved parameters just what they said before.</summary>
public enum PoseSymmetry
{
    /// <summary>Likelihood and prior do not change when data and parameters move together, but for the prior's bounds: the network does not see by how much they were moved.</summary>
    Exact,

    /// <summary>Data are easier to read once moved, but the prior or the likelihood depends on the pose: the network sees the blurred pose as well.</summary>
    Approximate,
}
