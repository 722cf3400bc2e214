using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Interactions;

namespace Recommender.Cli.Importing;

/// <summary>Where in a source something stood; lines count from 1.</summary>
internal readonly record struct Place(string File, long Line)
{
    public override string ToString() => $"{File}, line {Line}";
}

/// <summary>One thing read from a source, in the order of the source: the same files give the same records every time.</summary>
internal abstract record ImportRecord(Place Place);

internal sealed record ItemRecord(Place Place, Item Item) : ImportRecord(Place);

internal sealed record CustomerRecord(Place Place, Customer Customer) : ImportRecord(Place);

internal sealed record EventRecord(Place Place, ShopEvent Event) : ImportRecord(Place);

/// <summary>A line that is right but says nothing of a taste (postage, a stock correction); counted by its reason.</summary>
internal sealed record LeftOutLine(Place Place, string Reason) : ImportRecord(Place);

/// <summary>A line that cannot be right. Nothing of it is imported; the other lines are.</summary>
/// <param name="Column">The column at fault; empty where the line as a whole is.</param>
/// <param name="Value">What stood there, shortened and safe to print; empty where it is not to be told.</param>
/// <param name="Problem">What is wrong and what to do, as the end of a sentence that begins with the column or with "the line".</param>
internal sealed record RejectedLine(Place Place, string Column, string Value, string Problem) : ImportRecord(Place)
{
    public override string ToString() => (Column.Length, Value.Length) switch
    {
        (0, 0) => $"{Place}: the line {Problem}",
        (0, _) => $"{Place}: the line {Problem}: \"{Value}\"",
        _ => $"{Place}: {Column} \"{Value}\" {Problem}",
    };
}
