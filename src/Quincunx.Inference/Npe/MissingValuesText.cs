namespace Quincunx.Inference.Npe;

internal static class MissingValuesText
{
    /// <summary>How to declare gaps, for a message about a number that is NaN; nothing for others.</summary>
    public static string Hint(double value) => double.IsNaN(value) ? $" (gaps are for networks whose options have {nameof(NeuralPosteriorOptions.Missing)} = {nameof(MissingValues.Embedded)})" : "";
}
