namespace Quincunx.Inference.Networks;

/// <summary>Symmetries of a periodic lattice that a convolution respects, beside its translations.</summary>
public enum LatticeSymmetry
{
    /// <summary>Translations alone: every element of a window has a weight of its own.</summary>
    Translations,

    /// <summary>Rotations by 90 degrees as well; in one dimension there is none.</summary>
    Rotations,

    /// <summary>Rotations and reflections: the whole point group of the (hyper)cubic lattice.</summary>
    Full,
}
