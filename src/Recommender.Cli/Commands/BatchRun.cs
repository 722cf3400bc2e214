using System.Globalization;
using Recommender.Cli.Terminal;
using Recommender.Protocol.V1;

namespace Recommender.Cli.Commands;

/// <summary>Writes a batch into a file, and now and then how far it has come.</summary>
internal sealed class BatchRun(BatchFile file, BatchLines lines, TimeProvider time)
{
    // What a kill costs: so much is worked out again. What it costs without one: an fsync.
    private static readonly TimeSpan _keptEvery = TimeSpan.FromSeconds(1);

    /// <summary>How long this run took; without those before it.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>How many people this run has done.</summary>
    public long DoneNow { get; private set; }

    public async Task<BatchState> WriteAsync(IAsyncEnumerable<RecommendBatchResponse> messages, IProgress<Step> progress, CancellationToken cancellation)
    {
        long began = time.GetTimestamp(), kept = began;
        var state = file.State;
        long before = state.Done;
        bool isAhead = false;
        using var together = new MemoryStream();
        try
        {
            if (file.Length == 0) file.Write(lines.Head);
            await foreach (var message in messages.WithCancellation(cancellation))
            {
                together.SetLength(0);
                foreach (var person in message.Recommendations) together.Write(lines.Of(person));
                file.Write(together.GetBuffer().AsSpan(0, (int)together.Length));
                state = Past(state, message);
                (isAhead, Took, DoneNow) = (true, time.GetElapsedTime(began), state.Done - before);
                progress.Report(StepOf(message.Progress));
                if (time.GetElapsedTime(kept) < _keptEvery) continue;
                file.Keep(state);
                (isAhead, kept) = (false, time.GetTimestamp());
            }
        }
        // Stopped or failed between two messages, all of what was written counts.
        catch (Exception ended) when (isAhead && ended is not (IOException or UnauthorizedAccessException))
        {
            file.Keep(state);
            throw;
        }
        Took = time.GetElapsedTime(began);
        file.Finish(state);
        return file.State;
    }

    private Step StepOf(BatchProgress progress)
    {
        string people = string.Create(CultureInfo.InvariantCulture, $"{progress.Done:N0} people, {DoneNow / Math.Max(Took.TotalSeconds, 0.001):N0} a second");
        return new Step(people, progress.Of > 0 ? Math.Min(1, progress.Done / (double)progress.Of) : 0);
    }

    private static BatchState Past(BatchState state, RecommendBatchResponse message) => state with
    {
        Token = message.ResumeToken,
        Done = message.Progress.Done,
        People = state.People + message.Recommendations.Count(one => one.Items.Count > 0),
        Items = state.Items + message.Recommendations.Sum(one => one.Items.Count),
        Silent = new(message.Progress.Silent, StringComparer.Ordinal),
    };
}
