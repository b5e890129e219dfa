using Quincunx.Numerics.Tensors;

namespace Quincunx.Numerics.Optimisation;

/// <summary>The learning rate as training goes on.</summary>
public interface ILearningRateSchedule
{
    /// <summary>The rate of one optimiser step.</summary>
    /// <param name="step">Steps taken before it: 0 for the first.</param>
    double Rate(long step);

    /// <summary>Called after each epoch.</summary>
    /// <param name="loss">On held-out data where there is some; NaN counts as no improvement.</param>
    void Observe(double loss);

    /// <summary>What later rates depend on besides the settings; empty where they depend on the step alone.</summary>
    NamedTensors Export();

    /// <summary>Continues where <see cref="Export"/> left off.</summary>
    /// <exception cref="StateException">The state is of another kind of schedule; nothing has changed.</exception>
    void Import(NamedTensors state);
}
