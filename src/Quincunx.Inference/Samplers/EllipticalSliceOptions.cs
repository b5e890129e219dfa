namespace Quincunx.Inference.Samplers;

public sealed record EllipticalSliceOptions : ChainOptions
{
    internal EllipticalSliceOptions Checked()
    {
        CheckChains();
        return this;
    }
}
