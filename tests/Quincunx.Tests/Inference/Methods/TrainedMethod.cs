using Quincunx.Inference;
using Quincunx.Inference.Networks;
using Quincunx.Inference.Training;

namespace Quincunx.Tests.Inference.Methods;

/// <summary>What training of any method ends in.</summary>
/// <param name="Network">What a file keeps of it.</param>
internal sealed record TrainedMethod(IPosteriorEstimator Posterior, TrainingResult Training, IModule Network);
