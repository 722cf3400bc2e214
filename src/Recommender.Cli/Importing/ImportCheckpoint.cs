using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Recommender.Storage;

namespace Recommender.Cli.Importing;

/// <summary>
/// Where an interrupted import goes on: how many records of the source were written, and what became of them. Its name holds a hash of
/// the source, its files' names, sizes and times, and the options: another file or other columns start anew.
/// </summary>
internal sealed class ImportCheckpoint(
    ICheckpoints checkpoints, Tenant tenant, ImportSource source, SourceFiles files, ImportOptions options)
{
    private readonly string _name = $"import/{source.Name}/" + Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{files.Identity}|{options.Fingerprint}")).AsSpan(0, 16));

    public async Task<ImportPosition> FindAsync(CancellationToken cancellation) =>
        await checkpoints.FindAsync(tenant, _name, cancellation) is { } text
            ? JsonSerializer.Deserialize<ImportPosition>(text) ?? ImportPosition.Start
            : ImportPosition.Start;

    public Task SetAsync(ImportPosition position, CancellationToken cancellation) =>
        checkpoints.SetAsync(tenant, _name, JsonSerializer.Serialize(position), cancellation);

    /// <summary>A finished import has no position: the next one reads everything again and finds it there.</summary>
    public Task ClearAsync(CancellationToken cancellation) => checkpoints.DeleteAsync(tenant, _name, cancellation);
}

/// <param name="Records">Records of the source that are written, in its order.</param>
internal sealed record ImportPosition(long Records, ImportSummary Summary)
{
    public static readonly ImportPosition Start = new(0, new ImportSummary());
}
