namespace Quincunx.Inference.Nre;

/// <summary>What the score of a classifier means: the probability of the first of two classes that are equally frequent.</summary>
public interface IScoreCalibration
{
    /// <summary>In (0, 1), never 0 or 1, so that no finite sample excludes anything; NaN for NaN.</summary>
    double Probability(double score);
}
