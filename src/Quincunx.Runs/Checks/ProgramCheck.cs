using Quincunx.Runs.Programs;

namespace Quincunx.Runs.Checks;

/// <summary>What a study's program says of itself, and what it costs to talk to it.</summary>
/// <param name="Command">Its words.</param>
/// <param name="Workers">Processes that run at once.</param>
/// <param name="Mode">json or npy.</param>
/// <param name="Version">Its own words for it, or null.</param>
/// <param name="Parameters">As it announces them; null if it does not.</param>
/// <param name="AnnouncesOutputs">Whether it names its outputs, or only the study does.</param>
/// <param name="OverheadSeconds">What a simulation takes beside what the program says that it does; null if it does not say.</param>
public sealed record ProgramCheck(
    string Command, int Workers, string Mode, string? Version, IReadOnlyList<string>? Parameters, bool AnnouncesOutputs, double? OverheadSeconds)
{
    internal static ProgramCheck Of(ProgramSimulator program, double? overhead)
    {
        ProgramAnnouncement said = program.Announcement;
        return new(program.Name, program.Concurrency, said.Mode == ProgramMode.Npy ? "npy" : "json", said.Version, said.Parameters, said.Outputs is not null, overhead);
    }
}
