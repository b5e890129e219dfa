namespace Quincunx.Runs.Benchmarks.Engine;

/// <summary>The loops that bandwidth is measured with (J. McCalpin's STREAM, and reading alone); bytes are counted as the loop names them.</summary>
internal enum BandwidthKind
{
    /// <summary>Σ a: 4 bytes an element of float32.</summary>
    Read,

    /// <summary>c = a: 8 bytes.</summary>
    Copy,

    /// <summary>c = a + s b: 12 bytes.</summary>
    Triad,
}
