namespace Quincunx.Inference.Networks;

/// <summary>How the elements of a set become one row.</summary>
public enum SetPooling
{
    /// <summary>Their mean; 0 of an empty set. What does not depend on how many there are.</summary>
    Mean,

    /// <summary>Their sum: the size of the set counts.</summary>
    Sum,

    /// <summary>The largest of each feature; 0 of an empty set.</summary>
    Max,

    /// <summary>A mean with weights that a trained query gives to the elements, head by head; 0 of an empty set.</summary>
    Attention,
}
