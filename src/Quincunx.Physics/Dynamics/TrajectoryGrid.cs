namespace Quincunx.Physics.Dynamics;

/// <summary>When a trajectory is looked at: evenly, from 0 to <paramref name="Duration"/>, both included.</summary>
/// <param name="Points">At least 2.</param>
public readonly record struct TrajectoryGrid(double Duration, int Points)
{
    /// <summary>The times, ascending.</summary>
    public double[] Times()
    {
        double[] times = new double[Points];
        for (int i = 0; i < Points; i++)
        {
            times[i] = Duration * i / (Points - 1);
        }

        return times;
    }
}
