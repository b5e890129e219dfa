using Quincunx.Runs.Artifacts;
using Quincunx.Runs.Campaigns;
using Quincunx.Runs.Store;

namespace Quincunx.Runs.Pipeline;

/// <summary>Reads the simulations of a round.</summary>
internal static class SimulationsFile
{
    /// <exception cref="ArtifactException">Index or store is damaged or of other parameters and outputs, or simulations are missing.</exception>
    public static CampaignReader Open(StudyModel model, int round, StageContext context)
    {
        string index = context.Input(RunFiles.Simulations(round));
        var reader = CampaignReader.Open(context.Shared(RunFiles.Store), index, StreamSize.Part(model.Study.Inference.Memory));
        if (reader.Index.Parameters.SequenceEqual(model.ParameterNames, StringComparer.Ordinal) && reader.Index.Outputs.SequenceEqual(model.Columns, StringComparer.Ordinal))
        {
            return reader;
        }

        reader.Dispose();
        throw new ArtifactException(
            index, $"simulations of {reader.ParameterCount} parameters and {reader.OutputCount} outputs with other names", $"those of {model.Study.SimulatorName}: {model.Dimension} and {model.Columns.Count}");
    }
}
