using System.Collections.Immutable;
using Recommender.Interactions;

namespace Recommender.Cli.Importing;

/// <summary>How a source is to be read. The defaults fit the sources that bring their own form.</summary>
/// <param name="Now">The clock: events more than a day after it are rejected.</param>
internal sealed record ImportOptions(DateTimeOffset Now)
{
    /// <summary>
    /// A constant, so that a second import finds the same events; recent, so that what is forgotten with time is not gone at once.
    /// </summary>
    public static readonly DateTimeOffset DefaultUnstatedTime = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>When an event happened whose source does not say.</summary>
    public DateTimeOffset UnstatedTime { get; init; } = DefaultUnstatedTime;

    /// <summary>The event type of lines that name none (csv, lightgcn, pairs); null lets the source choose.</summary>
    public string? DefaultType { get; init; }

    /// <summary>csv: which column holds what; columns that it does not name are guessed from their names.</summary>
    public ColumnMap Columns { get; init; } = ColumnMap.Empty;

    /// <summary>csv: how times are written.</summary>
    public TimeFormat TimeFormat { get; init; } = TimeFormat.Any;

    /// <summary>csv: what separates columns; null finds it in the first line.</summary>
    public char? Delimiter { get; init; }

    /// <summary>csv: the currency of prices where no column says it; ISO 4217.</summary>
    public string? Currency { get; init; }

    /// <summary>csv, gorse: what the source's event types are called here, besides the usual synonyms ("buy" is "purchase").</summary>
    public ImmutableSortedDictionary<string, string> Types { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The event types that the shop gave a weight; lines of other types are rejected.</summary>
    public ConfidenceOptions Confidence { get; init; } = new();

    public DateTimeOffset LatestAllowed => Now + EventRules.LargestLead;

    /// <summary>Everything that decides what is read; the clock only decides what is refused.</summary>
    public string Fingerprint =>
        $"{UnstatedTime:O}|{DefaultType}|{Columns}|{TimeFormat}|{Delimiter}|{Currency}|"
        + $"{string.Join(',', Types)}|{string.Join(',', Confidence.Weights)}";
}
