namespace Quincunx.Inference.Mechanisms.Mining;

/// <summary>A choice that was made.</summary>
internal readonly record struct Choice(Site Site, double Value);
