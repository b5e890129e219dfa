using Quincunx.Numerics.Optimisation;
using Quincunx.Numerics.Random;
using Quincunx.Numerics.Tensors;

namespace Quincunx.Tests.Numerics.Optimisation;

public sealed class ScheduleTests
{
    [Fact]
    public void Rate_OfCosine_RisesFallsAndStays()
    {
        var schedule = new CosineSchedule(peak: 2, steps: 14, warmUp: 4, last: 0.5);

        Assert.Equal([0.4, 0.8, 1.2, 1.6], Enumerable.Range(0, 4).Select(s => schedule.Rate(s)), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal(2, schedule.Rate(4));
        Assert.Equal(1.25, schedule.Rate(9), 1e-15);
        Assert.Equal(0.5 + (0.75 * (1 + Math.Cos(Math.PI * 0.3))), schedule.Rate(7), 1e-15);
        Assert.Equal([0.5, 0.5], [schedule.Rate(14), schedule.Rate(1000)]);
    }

    [Fact]
    public void Rate_OfPlateau_HalvesAfterPatienceAndStopsAtTheLeast()
    {
        var schedule = new PlateauSchedule(1, factor: 0.5, patience: 2, threshold: 0.1, least: 0.2);
        List<double> rates = [];
        foreach (double loss in new[] { 5, 4.95, 4, 4, double.NaN, 4, 4, 4, 3.95, 4, 4, 4, 1 })
        {
            schedule.Observe(loss);
            rates.Add(schedule.Rate(0));
        }

        // 4.95 is not 0.1 better than 5; after 4 the third epoch without improvement halves.
        Assert.Equal([1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2, 0.2], rates);
    }

    [Fact]
    public void Import_OfPlateau_GoesOnAsBefore()
    {
        var one = new PlateauSchedule(1, patience: 1);
        one.Observe(3);
        one.Observe(3);
        var two = new PlateauSchedule(7, patience: 1);
        two.Import(one.Export());
        one.Observe(3);
        two.Observe(3);

        Assert.Equal([0.5, 0.5], [one.Rate(0), two.Rate(0)]);
        Assert.Throws<StateException>(() => new CosineSchedule(1, 1).Import(one.Export()));
    }

    [Theory]
    [InlineData(DType.Float32, 1e-6)]
    [InlineData(DType.Float64, 1e-14)]
    public void Update_OfWeightAverage_FollowsTheRecursionAndSwapIsItsOwnInverse(DType dtype, double tolerance)
    {
        var parameter = new Parameter(Tensor.From([1.0, -2], new Shape(2), dtype));
        var average = new WeightAverage([parameter], 0.9);
        double expected = 1;
        for (int t = 1; t <= 200; t++)
        {
            double value = Math.Sin(t);
            parameter.Assign([value, -2]);
            average.Update();
            double decay = Math.Min(0.9, t / (9.0 + t));
            expected = (decay * expected) + ((1 - decay) * value);
        }

        double[] weights = parameter.Value.ToArray();
        average.Swap();
        Assert.Equal(expected, parameter.Value.ToArray()[0], tolerance);
        Assert.Equal(-2, parameter.Value.ToArray()[1], tolerance);
        average.Swap();
        Assert.Equal(weights, parameter.Value.ToArray());
    }

    [Fact]
    public void Import_OfWeightAverage_ContinuesWithTheSameBits()
    {
        var parameter = new Parameter(Tensor.Uniform(-1, 1, new Rng(1), new Shape(9)));
        var one = new WeightAverage([parameter], 0.99);
        parameter.Assign(new double[9]);
        one.Update();
        var two = new WeightAverage([parameter], 0.99);
        two.Import(one.Export());
        one.Update();
        two.Update();

        Assert.Equal(one.Export().Get("average.0").ToArray(), two.Export().Get("average.0").ToArray());
        Assert.Equal(2, two.Export().GetInteger("steps"));
    }
}
