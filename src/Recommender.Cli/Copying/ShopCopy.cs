using System.Globalization;
using Recommender.Cli.Terminal;
using Recommender.Models;
using Recommender.Server;
using Recommender.Storage;

namespace Recommender.Cli.Copying;

/// <summary>
/// Moves a shop to another engine, record by record and as it is: positions, revisions and moments stay, so that everything that refers to them holds.
/// After each page the target notes how far it is; a copy that was stopped goes on there. At the end both sides are read and compared.
/// </summary>
internal sealed class ShopCopy(ShopLocation from, ShopLocation to, TimeProvider time)
{
    private static readonly RecordKind[] _kinds = Enum.GetValues<RecordKind>();
    private static readonly string[] _files = ["recipe.json", "keys.json"];
    private static readonly Tenant _tenant = Tenant.Default;

    /// <exception cref="InputException">There is nothing to copy, or the target holds something else.</exception>
    public async Task<CopyResult> RunAsync(IProgress<Step> progress, CancellationToken cancellation)
    {
        if (from == to) throw new InputException($"{from} is copied onto itself; give two places");
        if (!await from.ExistsAsync(cancellation)) throw new InputException($"there is no shop in {from}");
        await using var source = await from.OpenAsync(time, cancellation);
        await using var target = await to.OpenAsync(time, cancellation);
        await using var sourceFiles = await from.OpenFilesAsync(cancellation);
        await using var targetFiles = await to.OpenFilesAsync(cancellation);

        var begun = await CopyMark.FindAsync(target, _tenant, cancellation);
        await RequireFreeAsync(target, targetFiles, begun, cancellation);
        var mark = begun ?? new CopyMark($"{from}", _kinds[0], null);
        await mark.SetAsync(target, _tenant, cancellation);

        long last = await source.Events.LastPositionAsync(_tenant, cancellation);
        foreach (var kind in _kinds.Where(kind => kind >= mark.Kind))
            await CopyAsync(source, target, kind == mark.Kind ? mark : mark with { Kind = kind, After = null }, last, progress, cancellation);
        var damaged = await CopyModelsAsync(source, target, progress, cancellation);
        foreach (string name in _files)
        {
            if (await sourceFiles.FindAsync(name, cancellation) is { } content) await targetFiles.WriteAsync(name, content, cancellation);
        }

        var kinds = await CompareAsync(source, target, progress, cancellation);
        kinds.Add(await CompareModelsAsync(source, target, cancellation));
        kinds.Add(new("files", await CountAsync(sourceFiles), await CountAsync(targetFiles), await ChecksumAsync(sourceFiles), await ChecksumAsync(targetFiles)));
        var result = new CopyResult(kinds, damaged, begun is not null);
        // From here on the target is a shop of its own; until here no server opens it. What differs is copied once more by the next one.
        if (result.Complete) await target.Checkpoints.DeleteAsync(_tenant, Shop.BegunCopy, CancellationToken.None);
        else await new CopyMark($"{from}", _kinds[0], null).SetAsync(target, _tenant, CancellationToken.None);
        return result;

        async Task<long> CountAsync(IShopFiles files) => (await ContentsAsync(files, cancellation)).Count;
        async Task<string> ChecksumAsync(IShopFiles files) => (await ContentsAsync(files, cancellation)).ToString();
    }

    private async Task RequireFreeAsync(IShopStore target, IShopFiles files, CopyMark? begun, CancellationToken cancellation)
    {
        if (begun is not null && begun.Source != $"{from}")
            throw new InputException($"a copy of {begun.Source} into {to} has begun and not ended; end it, or give another place with --to");
        if (begun is not null) return;
        bool occupied = (await target.Archive.ListAsync(_tenant, cancellation)).Count > 0;
        foreach (var kind in _kinds) occupied |= (await target.Records.ReadAsync(_tenant, kind, null, cancellation)).Records.Any(record => record is not ShopRecord.OfCounters(0, 0));
        foreach (string name in _files) occupied |= await files.FindAsync(name, cancellation) is not null;
        if (occupied) throw new InputException($"{to} holds a shop already; give an empty place with --to");
    }

    private static async Task CopyAsync(IShopStore source, IShopStore target, CopyMark mark, long last, IProgress<Step> progress, CancellationToken cancellation)
    {
        long copied = 0;
        var reading = source.Records.ReadAsync(_tenant, mark.Kind, mark.After, cancellation);
        try
        {
            while (true)
            {
                var page = await reading;
                // The next page is read while this one is written.
                if (page.Next is not null) reading = source.Records.ReadAsync(_tenant, mark.Kind, page.Next, cancellation);
                ShopRecord[] records = [.. page.Records.Where(record => !CopyMark.IsOne(record))];
                if (records.Length > 0) await target.Records.WriteAsync(_tenant, records, cancellation);
                copied += records.Length;
                double part = page.Next is null ? 1 : records.LastOrDefault() is ShopRecord.OfEvent { Stored.Position: var position } && last > 0 ? position / (double)last : 0;
                progress.Report(Step(mark.Kind, part, 0, $"{Name(mark.Kind)}, {copied.ToString("N0", CultureInfo.InvariantCulture)}"));
                if (page.Next is null) return;
                mark = mark with { After = page.Next };
                await mark.SetAsync(target, _tenant, cancellation);
            }
        }
        // Whatever ended the copy, the source is not closed under a reader.
        finally { await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); }
    }

    private static async Task<List<string>> CopyModelsAsync(IShopStore source, IShopStore target, IProgress<Step> progress, CancellationToken cancellation)
    {
        var damaged = new List<string>();
        var there = (await target.Archive.ListAsync(_tenant, cancellation)).ToHashSet(StringComparer.Ordinal);
        foreach (string modelId in await source.Archive.ListAsync(_tenant, cancellation))
        {
            if (there.Contains(modelId)) continue;
            progress.Report(new Step($"model {modelId}", 0.5));
            try
            {
                await WithFilesAsync(source, modelId, folder => target.Archive.ImportAsync(_tenant, folder, cancellation), cancellation);
            }
            catch (InvalidModelException problem) { damaged.Add($"model {modelId}: {problem.Message}"); }
        }
        return damaged;
    }

    private static async Task<List<CopiedKind>> CompareAsync(IShopStore source, IShopStore target, IProgress<Step> progress, CancellationToken cancellation)
    {
        var compared = new List<CopiedKind>();
        foreach (var kind in _kinds)
        {
            progress.Report(Step(kind, 0, 0.5, $"comparing {Name(kind)}"));
            var (left, right) = (ReadAsync(source, kind, cancellation), ReadAsync(target, kind, cancellation));
            await Task.WhenAll(left, right);
            compared.Add(new(Name(kind), (await left).Count, (await right).Count, $"{await left}", $"{await right}"));
        }
        return compared;
    }

    private static async Task<RecordChecksum> ReadAsync(IShopStore store, RecordKind kind, CancellationToken cancellation)
    {
        var checksum = new RecordChecksum();
        string? after = null;
        do
        {
            var page = await store.Records.ReadAsync(_tenant, kind, after, cancellation);
            foreach (var record in page.Records.Where(record => !CopyMark.IsOne(record))) checksum.Add(record);
            after = page.Next;
        }
        while (after is not null);
        return checksum;
    }

    private static async Task<CopiedKind> CompareModelsAsync(IShopStore source, IShopStore target, CancellationToken cancellation)
    {
        var (left, right) = (await ReadModelsAsync(source, cancellation), await ReadModelsAsync(target, cancellation));
        return new("model files", left.Count, right.Count, $"{left}", $"{right}");
    }

    private static async Task<RecordChecksum> ReadModelsAsync(IShopStore store, CancellationToken cancellation)
    {
        var checksum = new RecordChecksum();
        foreach (string modelId in await store.Archive.ListAsync(_tenant, cancellation))
        {
            try
            {
                await WithFilesAsync(store, modelId, async folder =>
                {
                    foreach (string file in Directory.EnumerateFiles(folder))
                    {
                        await using var content = File.OpenRead(file);
                        byte[] hash = await System.Security.Cryptography.SHA256.HashDataAsync(content, cancellation);
                        checksum.Add(System.Text.Encoding.UTF8.GetBytes($"{modelId}/{Path.GetFileName(file)} {Convert.ToHexStringLower(hash)}"));
                    }
                }, cancellation);
            }
            // Told when it was to be copied.
            catch (InvalidModelException) { }
        }
        return checksum;
    }

    private static async Task WithFilesAsync(IShopStore store, string modelId, Func<string, Task> use, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("recommender-copy-").FullName;
        try
        {
            string files = Path.Combine(folder, modelId);
            await store.Archive.ExportAsync(_tenant, modelId, files, cancellation);
            await use(files);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static async Task<RecordChecksum> ContentsAsync(IShopFiles files, CancellationToken cancellation)
    {
        var checksum = new RecordChecksum();
        foreach (string name in _files)
        {
            if (await files.FindAsync(name, cancellation) is { } content) checksum.Add([.. System.Text.Encoding.UTF8.GetBytes(name), 0, .. content]);
        }
        return checksum;
    }

    private static Step Step(RecordKind kind, double part, double begin, string stage) =>
        new(stage, begin + 0.5 * (Array.IndexOf(_kinds, kind) + part) / _kinds.Length);

    /// <summary>"ForgottenEvent" as "forgotten events".</summary>
    private static string Name(RecordKind kind)
    {
        if (kind == RecordKind.Counters) return "counters";
        string words = string.Concat($"{kind}".Select((letter, i) => i > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
        return $"{words}s";
    }
}
