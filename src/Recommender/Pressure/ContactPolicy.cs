using System.Collections.Immutable;
using System.Text.Json;

namespace Recommender.Pressure;

/// <summary>How much a person must bear of being addressed. Every budget that covers a contact must have room for it.</summary>
public sealed record ContactPolicy
{
    /// <summary>Boxes on the site: shown, not sent. Budgets for all channels together leave them out.</summary>
    public const string Web = "web";

    /// <summary>The purpose that is never refused: what the customer waits for, such as an order's confirmation.</summary>
    public const string Service = "service";

    public const string Marketing = "marketing";

    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>In the order in which they are asked; the first without room says no.</summary>
    public ImmutableArray<ContactBudget> Budgets { get; init; } =
    [
        // Whoever is silent is not shouted at.
        new(["mail"], 1, 14, ["dissolution"]),
        new(["mail"], 2, 7, []),
        new(["push"], 3, 7, []),
        new(["call"], 1, 30, []),
        new([], 4, 7, []),
    ];

    /// <summary>Channels on which nobody is addressed without having agreed.</summary>
    public ImmutableArray<string> ConsentChannels { get; init; } = ["mail", "push", "call"];

    /// <summary>The budgets that a contact needs room in, as limits that look back from now.</summary>
    /// <param name="stage">The person's life-cycle stage; empty where it is not known.</param>
    public IReadOnlyList<ContactLimit> LimitsFor(string channel, string stage, DateTimeOffset now) =>
    [
        .. Budgets.Where(budget => budget.Covers(channel) && (budget.Stages.IsEmpty || budget.Stages.Contains(stage)))
            .Select(budget => new ContactLimit(budget.Name, budget.Channels, now - TimeSpan.FromDays(budget.Days), budget.Most)),
    ];

    public string ToJson() => JsonSerializer.Serialize(this, _json);

    public static ContactPolicy Parse(string json) => JsonSerializer.Deserialize<ContactPolicy>(json, _json)!;
}

/// <param name="Channels">None: all but <see cref="ContactPolicy.Web"/> together.</param>
/// <param name="Most">Contacts within the days; 0 forbids them.</param>
/// <param name="Stages">Life-cycle stages it holds for; none: all.</param>
public sealed record ContactBudget(ImmutableArray<string> Channels, int Most, int Days, ImmutableArray<string> Stages)
{
    /// <summary>"2 mails in 7 days".</summary>
    public string Name => $"{Most} {(Channels.IsEmpty ? "contacts" : string.Join("/", Channels))} in {Days} {(Days == 1 ? "day" : "days")}"
        + (Stages.IsEmpty ? "" : $" in {string.Join("/", Stages)}");

    public bool Covers(string channel) => Channels.IsEmpty ? channel != ContactPolicy.Web : Channels.Contains(channel);
}
