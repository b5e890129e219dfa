namespace Quincunx.Inference.Samplers;

/// <summary>Stochastic approximation of the log step size at which the mean acceptance is a target (Nesterov's dual averaging).</summary>
/// <remarks>Hoffman and Gelman 2014, J. Mach. Learn. Res. 15, 1593 (arXiv:1111.4246), section 3.2, with their t₀ = 10 and κ = 0.75, and twice their γ.</remarks>
internal sealed class DualAveraging(double targetAcceptance)
{
    // Steps that swing widely about the one that is right are accepted less, on average, than it is, so that what is learned is too short. With 0.05 the acceptance came out at 0.82 to 0.83 where 0.8 was asked for; with 0.1 it is 0.78 to 0.80.
    private const double Gamma = 0.1, T0 = 10, Kappa = 0.75;

    private double _centre, _error, _logAveraged;
    private long _count;

    public double StepSize { get; private set; }

    /// <summary>The average over the recent past, for when adaptation ends.</summary>
    public double AveragedStepSize => _count == 0 ? StepSize : Math.Exp(_logAveraged);

    public void Restart(double stepSize)
    {
        // Shrinks towards ten times the start: large steps are cheap to try.
        (StepSize, _centre, _error, _logAveraged, _count) = (stepSize, Math.Log(10 * stepSize), 0, 0, 0);
    }

    public void Add(double acceptance)
    {
        _count++;
        double eta = 1 / (_count + T0);
        _error = ((1 - eta) * _error) + (eta * (targetAcceptance - acceptance));
        double log = _centre - (_error * Math.Sqrt(_count) / Gamma), weight = Math.Pow(_count, -Kappa);
        _logAveraged = (weight * log) + ((1 - weight) * _logAveraged);
        StepSize = Math.Exp(log);
    }
}
