namespace Quincunx.Runs.Studies;

/// <summary>Reads study files of either form.</summary>
public static class StudyFile
{
    /// <summary>Reads and checks a study.</summary>
    /// <param name="path">A study file, or a folder with a <c>study.yaml</c>.</param>
    /// <param name="observation">A CSV file to take the data from instead, as for <see cref="Study.Load"/>; an experiment observes nothing and refuses it.</param>
    /// <returns>A <see cref="Study"/>, or an <see cref="ExperimentStudy"/> where the file has the key <c>experiment</c>.</returns>
    /// <exception cref="StudyException">Something is wrong; everything that could be found in one pass is listed.</exception>
    public static IStudy Load(string path, ISimulatorCatalog simulators, IExperimentCatalog experiments, string? observation = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(simulators);
        ArgumentNullException.ThrowIfNull(experiments);
        return new StudyBuilder(path, simulators, observation).BuildEither(experiments);
    }
}
