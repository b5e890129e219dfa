namespace Quincunx.Inference.Flows;

/// <summary>Which bijections a flow is made of.</summary>
public enum FlowKind
{
    /// <summary>Rational-quadratic splines, autoregressive: the neural spline flow, the default for posteriors.</summary>
    SplineAutoregressive,

    /// <summary>Affine maps, autoregressive: MAF.</summary>
    AffineAutoregressive,

    /// <summary>Rational-quadratic splines in coupling layers: one pass in both directions.</summary>
    SplineCoupling,

    /// <summary>Affine coupling layers: real NVP.</summary>
    AffineCoupling,

    /// <summary>One velocity field, followed from the data to the noise: FFJORD.</summary>
    Continuous,
}
