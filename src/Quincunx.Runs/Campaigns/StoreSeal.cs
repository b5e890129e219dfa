using Microsoft.Data.Sqlite;

namespace Quincunx.Runs.Campaigns;

/// <summary>Leaves a store as one file: without log, and without much space that nothing uses.</summary>
internal static class StoreSeal
{
    // Beyond this part of free pages (a campaign was removed) the file is written anew.
    private const int MostFree = 4;

    public static void Close(string path, StoreConnection connection)
    {
        try
        {
            connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            connection.Execute("PRAGMA journal_mode = DELETE");
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED)
        {
            connection.Dispose();           // somebody reads: the log stays beside the file, which is as good
            return;
        }

        bool isLoose = connection.Number("PRAGMA freelist_count") * MostFree > connection.Number("PRAGMA page_count");
        string compact = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, FormattableString.Invariant($".{Path.GetFileName(path)}.{Environment.ProcessId}.partial"));
        if (!isLoose)
        {
            connection.Dispose();
            return;
        }

        try
        {
            File.Delete(compact);
            connection.Execute("VACUUM INTO $1", compact);
            connection.Dispose();
            using (var file = new FileStream(compact, FileMode.Open, FileAccess.ReadWrite))
            {
                file.Flush(flushToDisk: true);
            }

            File.Move(compact, path, overwrite: true);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            // Only space was to be won, and there was too little to win it.
            connection.Dispose();
            File.Delete(compact);
        }
    }
}
