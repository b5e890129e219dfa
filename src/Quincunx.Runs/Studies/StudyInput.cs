using Quincunx.Runs.Artifacts;

namespace Quincunx.Runs.Studies;

/// <summary>A file that the study was read from.</summary>
/// <param name="Name">Relative to the study's folder.</param>
public sealed record StudyInput(string Name, FileFingerprint Fingerprint);
