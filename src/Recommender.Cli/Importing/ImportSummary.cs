using System.Collections.Immutable;

namespace Recommender.Cli.Importing;

/// <summary>What an import did. After a resumed import the counts are those of the whole, with the part before the interruption.</summary>
internal sealed record ImportSummary
{
    /// <summary>How many rejected lines and conflicts are kept to be shown.</summary>
    public const int ExampleLimit = 100;

    /// <summary>Catalogue items written, those that only events named included.</summary>
    public long Items { get; init; }

    /// <summary>Customers of whom the source says something.</summary>
    public long Customers { get; init; }

    public long NewEvents { get; init; }

    /// <summary>Events that were there before with equal content; after a kill up to one batch of that run counts here.</summary>
    public long DuplicateEvents { get; init; }

    /// <summary>Events whose id is there with other content. What was there is kept.</summary>
    public long ConflictingEvents { get; init; }

    public long RejectedLines { get; init; }

    /// <summary>Lines that are right but not a matter of taste, counted by reason.</summary>
    public ImmutableSortedDictionary<string, long> LeftOut { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>The first <see cref="ExampleLimit"/> rejected lines and conflicts, in the order of the source.</summary>
    public ImmutableArray<RejectedLine> Examples { get; init; } = [];

    /// <summary>Whether an interrupted import was taken up again.</summary>
    public bool Resumed { get; init; }

    /// <summary>Seconds of this run alone.</summary>
    public double Seconds { get; init; }

    /// <summary>Events of this run alone by its seconds.</summary>
    public double EventsPerSecond { get; init; }

    /// <summary>Whether every line was taken: the exit code.</summary>
    public bool Complete => RejectedLines == 0 && ConflictingEvents == 0;

    public long Events => NewEvents + DuplicateEvents + ConflictingEvents;

    public ImportSummary WithExample(RejectedLine line) =>
        Examples.Length < ExampleLimit ? this with { Examples = Examples.Add(line) } : this;
}
