namespace Quincunx.Runs.Artifacts;

/// <summary>Called before every change of the disk, with its kind and path. Tests throw here to play a crash at that moment.</summary>
internal delegate void DiskStep(string kind, string path);
