using System.Collections.Immutable;
using System.Threading.Channels;
using Recommender.Catalogue;
using Recommender.Interactions;
using Recommender.Storage;

namespace Recommender.Cli.Importing;

/// <summary>
/// Writes a source into a shop, batch by batch. After each batch it notes how far it came, so that an import that was killed goes on
/// there; what a batch writes can be written twice, so nothing is half done. Reading goes ahead of writing by a few batches.
/// </summary>
internal sealed class Importer(IShopStore store, Tenant tenant, TimeProvider time, int batchSize = ImportBatch.Size)
{
    private const int BatchesAhead = 2;

    /// <exception cref="ImportException">The source cannot be read at all.</exception>
    public async Task<ImportSummary> RunAsync(ImportSource source, string path, ImportOptions options,
        IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        long started = time.GetTimestamp();
        var files = new SourceFiles(path, source.Files);
        var checkpoint = new ImportCheckpoint(store.Checkpoints, tenant, source, files, options);
        ImportPosition position = await checkpoint.FindAsync(cancellation);
        ImportSummary summary = position.Summary with { Resumed = position.Records > 0 };
        long written = position.Records, before = summary.Events;
        Admission admission = await Admission.OfAsync(store, tenant, cancellation);
        var catalogue = new KnownItems(store.Items, tenant, await store.Items.CountAsync(tenant, cancellation) == 0);

        using var stopReading = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var batches = Channel.CreateBounded<ImportBatch>(BatchesAhead);
        IEnumerable<ImportRecord> records = source.Read(files, options);
        Task reading = Task.Run(() => ReadAsync(records, position.Records, record => admission.Checked(Checked(record, options.Now)), batches.Writer, stopReading.Token), cancellation);
        try
        {
            await foreach (ImportBatch batch in batches.Reader.ReadAllAsync(cancellation))
            {
                summary = await WriteAsync(batch, catalogue, summary, cancellation);
                written += batch.Records;
                await checkpoint.SetAsync(new ImportPosition(written, summary), cancellation);
                progress?.Report(new ImportProgress(files.BytesRead, files.TotalBytes, summary.Events, summary.Items, summary.Customers,
                    summary.RejectedLines));
            }
        }
        finally
        {
            await stopReading.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await reading;
        await checkpoint.ClearAsync(cancellation);
        double seconds = time.GetElapsedTime(started).TotalSeconds;
        return summary with { Seconds = seconds, EventsPerSecond = seconds > 0 ? (summary.Events - before) / seconds : 0 };
    }

    /// <summary>Fills batches with the records after those already written. What was read before a failure is still written.</summary>
    private async Task ReadAsync(IEnumerable<ImportRecord> records, long skip, Func<ImportRecord, ImportRecord> check,
        ChannelWriter<ImportBatch> batches, CancellationToken cancellation)
    {
        try
        {
            var batch = new ImportBatch();
            foreach (ImportRecord record in records)
            {
                // Read again, not written again: repeats are numbered and customers met for the first time as in the first run.
                if (skip-- > 0) continue;
                batch.Add(check(record));
                if (batch.Records < batchSize) continue;
                await batches.WriteAsync(batch, cancellation);
                batch = new ImportBatch();
            }
            if (batch.Records > 0) await batches.WriteAsync(batch, cancellation);
        }
        finally
        {
            batches.TryComplete();
        }
    }

    /// <summary>The rules for events from everywhere, behind the source's own: what the server would refuse is refused here.</summary>
    private static ImportRecord Checked(ImportRecord record, DateTimeOffset now)
    {
        if (record is not EventRecord { Event: var happened }) return record;
        foreach (EventFault fault in EventRules.Faults(happened, now))
            return new RejectedLine(record.Place, fault.Field, DelimitedRow.Shown(happened.EventId), fault.Problem);
        return record;
    }

    private async Task<ImportSummary> WriteAsync(
        ImportBatch batch, KnownItems catalogue, ImportSummary summary, CancellationToken cancellation)
    {
        List<Item> items = await catalogue.WithMissingAsync(batch, cancellation);
        if (items.Count > 0) await store.Items.UpsertAsync(tenant, items, cancellation);
        if (batch.Customers.Count > 0) await store.Customers.UpsertAsync(tenant, batch.Customers, cancellation);
        foreach (RejectedLine line in batch.Rejected) summary = summary.WithExample(line);
        summary = summary with
        {
            Items = summary.Items + items.Count,
            Customers = summary.Customers + batch.Customers.Count,
            RejectedLines = summary.RejectedLines + batch.Rejected.Count,
            LeftOut = batch.LeftOut.Aggregate(summary.LeftOut,
                (counts, left) => counts.SetItem(left.Key, counts.GetValueOrDefault(left.Key) + left.Value)),
        };
        if (batch.Events.Count == 0) return summary;
        IReadOnlyList<AppendOutcome> outcomes = await store.Events.AppendAsync(tenant, batch.Events, cancellation);
        for (int i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i].Status == AppendStatus.Conflict)
                summary = summary.WithExample(new RejectedLine(batch.Places[i], "", batch.Events[i].EventId,
                    "an event of this id is there with other content and is kept; give this one another id"));
        }
        return summary with
        {
            NewEvents = summary.NewEvents + outcomes.Count(outcome => outcome.Status == AppendStatus.Appended),
            DuplicateEvents = summary.DuplicateEvents + outcomes.Count(outcome => outcome.Status == AppendStatus.Duplicate),
            ConflictingEvents = summary.ConflictingEvents + outcomes.Count(outcome => outcome.Status == AppendStatus.Conflict),
        };
    }
}
