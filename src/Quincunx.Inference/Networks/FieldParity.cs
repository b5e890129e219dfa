namespace Quincunx.Inference.Networks;

/// <summary>What becomes of a function when its field changes sign.</summary>
public enum FieldParity
{
    /// <summary>Anything.</summary>
    None,

    /// <summary>f(-x) = -f(x).</summary>
    Odd,

    /// <summary>f(-x) = f(x).</summary>
    Even,
}
