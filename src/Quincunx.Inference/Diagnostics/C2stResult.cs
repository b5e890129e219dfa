namespace Quincunx.Inference.Diagnostics;

/// <param name="FoldAccuracies">Accuracy on each held-out fold.</param>
/// <param name="FoldEpochs">Epochs that each fold's classifier was trained for.</param>
/// <param name="UnfinishedFolds">Folds that ran out of epochs before the training loss settled.</param>
public sealed record C2stResult(IReadOnlyList<double> FoldAccuracies, IReadOnlyList<int> FoldEpochs, int UnfinishedFolds)
{
    /// <summary>Mean accuracy: 0.5 if the classifier cannot tell the samples apart, 1 if it always can.</summary>
    public double Accuracy => FoldAccuracies.Average();
}
