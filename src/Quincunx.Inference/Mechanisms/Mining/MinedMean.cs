namespace Quincunx.Inference.Mechanisms.Mining;

/// <summary>A mean over all events that a check mined, along a parameter.</summary>
/// <param name="Parameter">Index of the parameter.</param>
/// <param name="Mean">Of the score over its root mean square at the event's point, or of the ratio to parameters about half a standard deviation of log r away.</param>
/// <param name="StandardError">Of the mean.</param>
/// <param name="Deviation">Standard errors from what it should be; 0 where too few events carry the spread to say.</param>
public sealed record MinedMean(int Parameter, double Mean, double StandardError, double Deviation);
