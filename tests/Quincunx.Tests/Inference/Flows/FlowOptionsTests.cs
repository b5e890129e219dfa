using Quincunx.Inference.Flows;
using Quincunx.Numerics.Random;

namespace Quincunx.Tests.Inference.Flows;

public sealed class FlowOptionsTests
{
    [Fact]
    public void Create_OfOneCouplingLayer_IsRefused()
    {
        // It would leave the first half of the parameters a standard normal, whatever the data say.
        var options = new FlowOptions { Kind = FlowKind.SplineCoupling, Transforms = 1 };
        Assert.Throws<ArgumentOutOfRangeException>(() => options.Create(3, 2, new Rng(1)));
        Assert.Equal(1, options.Create(1, 2, new Rng(1)).Dimension);
        Assert.Equal(3, (options with { Kind = FlowKind.SplineAutoregressive }).Create(3, 2, new Rng(1)).Dimension);
    }

    [Fact]
    public void Create_WithOptionsOutOfRange_Throws()
    {
        void Refuse(FlowOptions options) => Assert.ThrowsAny<ArgumentException>(() => options.Create(2, 1, new Rng(1)));
        Refuse(new FlowOptions { Transforms = 0 });
        Refuse(new FlowOptions { Hidden = 0 });
        Refuse(new FlowOptions { Blocks = -1 });
        Refuse(new FlowOptions { Bins = 1 });
        Refuse(new FlowOptions { Bins = 1000 });     // bins of a thousandth each would fill the interval: no freedom is left
        Refuse(new FlowOptions { Bound = 0 });
        Refuse(new FlowOptions { Bound = double.NaN });
    }
}
