using Microsoft.Data.Sqlite;
using Quincunx.Runs.Artifacts;
using SQLitePCL;

namespace Quincunx.Runs.Campaigns;

/// <summary>Turns the database's errors into sentences about its file.</summary>
internal static class StoreFault
{
    private const int NoSpace = 28;                             // ENOSPC, by which a full disk is told

    /// <summary>The file is not what was written: a page, or the schema, so that statements or their constraints no longer fit.</summary>
    public static bool IsDamage(SqliteException e) =>
        e.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_ERROR or raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_FORMAT;

    /// <param name="what">What was being read or written: "simulations".</param>
    public static ArtifactException Of(string path, string what, SqliteException e) => e.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => Full(path, what, e),
        raw.SQLITE_IOERR when e.SqliteExtendedErrorCode is raw.SQLITE_IOERR_SHMSIZE => Full(path, what, e),
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_CANTOPEN => DiskFault.Writing(path, what, 0, new UnauthorizedAccessException(e.Message, e)),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new ArtifactException(path, "a store in use by another process", "one that no other process writes to", inner: e),
        _ when IsDamage(e) => new ArtifactException(
            path, $"damage ({e.Message.TrimEnd('.')})", "a store of simulations (run the study again: it makes anew what cannot be read)", inner: e),
        _ => new ArtifactException(path, $"an error of the disk with {what} ({e.Message.TrimEnd('.')})", "a file that can be read and written", inner: e),
    };

    private static ArtifactException Full(string path, string what, SqliteException e) => DiskFault.Writing(path, what, 0, new IOException(e.Message, e) { HResult = NoSpace });
}
