namespace Recommender.Cli.Importing;

/// <summary>How far an import has come: bytes of the files as they lie on disk, and the lines that were written or refused.</summary>
internal readonly record struct ImportProgress(long BytesRead, long BytesTotal, long Events, long Items, long Customers, long Rejected);
