namespace Quincunx.Numerics.Kernels;

/// <summary>Which vector instructions the kernels use.</summary>
internal enum SimdLevel
{
    /// <summary>128-bit vectors without fused multiply-add: what the runtime offers on every processor.</summary>
    None,

    /// <summary>256-bit vectors with fused multiply-add.</summary>
    Avx2,

    /// <summary>512-bit vectors with fused multiply-add and masks.</summary>
    Avx512,
}
